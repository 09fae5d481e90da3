-- A programme's cohorts. The code is what a join link is made of; it opens nothing but the page to join.
CREATE TABLE cohorts (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    starts TEXT,
    ends TEXT,
    consent TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    joinable INTEGER NOT NULL DEFAULT 1,
    invented INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE INDEX cohorts_by_organisation ON cohorts (organisation_id);

-- A firm in a cohort, with the words that were agreed to and who agreed. partner: open to meet other members.
CREATE TABLE cohort_members (
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    firm_id TEXT NOT NULL REFERENCES firms (id) ON DELETE CASCADE,
    consent TEXT NOT NULL,
    agreed_by TEXT NOT NULL,
    partner INTEGER NOT NULL DEFAULT 0,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (cohort_id, firm_id)
);

CREATE INDEX cohort_members_by_firm ON cohort_members (firm_id);

-- Who was invited, and the firm that came of it.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    firm TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL,
    firm_id TEXT REFERENCES firms (id) ON DELETE SET NULL,
    mails INTEGER NOT NULL DEFAULT 0,
    mailed_at TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (cohort_id, email)
);

-- Two members that the manager brought together, in the order of their ids.
CREATE TABLE introductions (
    id TEXT PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    firm_a TEXT NOT NULL REFERENCES firms (id) ON DELETE CASCADE,
    firm_b TEXT NOT NULL REFERENCES firms (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('networking', 'coopetition')),
    made_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (cohort_id, firm_a, firm_b)
);

-- What left the organisation. It stays after its cohort, because what is out is out: basis says of which
-- firms it was made, by marks that lead to no firm, so that nothing is released later that gives one away.
CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    cohort_id TEXT REFERENCES cohorts (id) ON DELETE SET NULL,
    audience TEXT NOT NULL CHECK (audience IN ('members', 'public')),
    content TEXT NOT NULL,
    basis TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    withdrawn_at TEXT,
    UNIQUE (organisation_id, number)
);
