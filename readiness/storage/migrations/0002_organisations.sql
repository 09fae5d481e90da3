-- Organisations and the people who work for them. An e-mail address is kept in lower case.
CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    contact TEXT NOT NULL DEFAULT '',
    colour TEXT NOT NULL DEFAULT '',
    logo BYTEA,
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at TEXT NOT NULL,
    signed_in_at TEXT
);

CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('consultant', 'manager', 'administrator')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (user_id, organisation_id)
);

CREATE INDEX memberships_by_organisation ON memberships (organisation_id);

-- One-time links. user_id is null where an unknown address asked; browser_hash where a command made it.
CREATE TABLE sign_in_links (
    key_hash TEXT PRIMARY KEY,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    browser_hash TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE sessions (
    key_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    device TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);

-- Mail to be sent; the body goes when it is sent or given up.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    due_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE INDEX outbox_by_due ON outbox (status, due_at);

-- Who did what. It outlives the firm and the person, so it names them in words.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    deed TEXT NOT NULL,
    firm_id TEXT,
    about TEXT NOT NULL DEFAULT ''
);

CREATE INDEX audit_by_organisation ON audit (organisation_id, at);

-- Tokens of the API; scopes: words with blanks between.
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);

-- A firm belongs to no organisation until one adds it or its founder shares it.
ALTER TABLE firms ADD COLUMN organisation_id TEXT REFERENCES organisations (id);
ALTER TABLE firms ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE firms ADD COLUMN email TEXT;
ALTER TABLE firms ADD COLUMN next_review TEXT;
ALTER TABLE firms ADD COLUMN archived_at TEXT;

CREATE INDEX firms_by_organisation ON firms (organisation_id, archived_at, search);

-- The rounds of a firm; what a finished one came to stands in its row, for lists.
ALTER TABLE assessments ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
ALTER TABLE assessments ADD COLUMN overall DOUBLE PRECISION;
ALTER TABLE assessments ADD COLUMN overall_low DOUBLE PRECISION;
ALTER TABLE assessments ADD COLUMN overall_high DOUBLE PRECISION;
ALTER TABLE assessments ADD COLUMN route TEXT;

CREATE UNIQUE INDEX assessments_by_round ON assessments (firm_id, round);
DROP INDEX assessments_by_firm;

-- Further raters: a name for who invites them (never in a report), done when they say so.
ALTER TABLE responses ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN finished_at TEXT;

-- Further private links of an assessment: the holder's, or a colleague's to one response.
CREATE TABLE links (
    key_hash TEXT PRIMARY KEY,
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    response_id TEXT REFERENCES responses (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL
);

CREATE INDEX links_by_assessment ON links (assessment_id);

-- What a meeting agreed on for an indicator, beside the raters' answers, with who saw it otherwise.
CREATE TABLE agreed (
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    indicator INTEGER NOT NULL,
    code TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    minority TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL,
    PRIMARY KEY (assessment_id, indicator)
);

-- A consultant's answer beside the firm's own, and a comment to a component.
CREATE TABLE verified (
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    indicator INTEGER NOT NULL,
    code TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    updated_at TEXT NOT NULL,
    PRIMARY KEY (assessment_id, indicator)
);

CREATE TABLE comments (
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    component TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (assessment_id, component)
);

-- A firm's action plan: an action of the library or an own one.
CREATE TABLE plan_items (
    id TEXT PRIMARY KEY,
    firm_id TEXT NOT NULL REFERENCES firms (id) ON DELETE CASCADE,
    action TEXT,
    title TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    due TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'started', 'done', 'dropped')),
    note TEXT NOT NULL DEFAULT '',
    evidence TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE INDEX plan_items_by_firm ON plan_items (firm_id);

-- Reports of many firms at once; each is kept until the batch is removed.
CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    draft INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE batch_items (
    batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    firm TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'made', 'failed')),
    problem TEXT NOT NULL DEFAULT '',
    fingerprint TEXT,
    pdf BYTEA,
    PRIMARY KEY (batch_id, assessment_id)
);

-- A file between its preview and its import; for an hour.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    made_by TEXT NOT NULL,
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_at TEXT NOT NULL
);
