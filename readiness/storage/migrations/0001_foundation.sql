-- A firm is assessed any number of times; an assessment holds any number of raters' responses.
CREATE TABLE firms (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sector TEXT,
    country TEXT,
    founded INTEGER CHECK (founded BETWEEN 1800 AND 2200),
    employees INTEGER CHECK (employees >= 0),
    first_foreign_sale INTEGER CHECK (first_foreign_sale BETWEEN 1800 AND 2200),
    foreign_share INTEGER CHECK (foreign_share BETWEEN 0 AND 100),
    countries INTEGER CHECK (countries BETWEEN 0 AND 300),
    regions TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    firm_id TEXT NOT NULL REFERENCES firms (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    language TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('open', 'finished')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    finished_at TEXT
);

CREATE INDEX assessments_by_firm ON assessments (firm_id);

-- codes: one character a validated indicator (readiness.storage.responses); remarks: JSON.
CREATE TABLE responses (
    id TEXT PRIMARY KEY,
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    rater TEXT NOT NULL,
    codes TEXT NOT NULL,
    remarks TEXT NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (assessment_id, rater)
);

-- A report is made once for each content: the fingerprint says which.
CREATE TABLE reports (
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    pdf BYTEA NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (assessment_id, language)
);

-- How often somebody did something within a window of time.
CREATE TABLE allowances (
    deed TEXT NOT NULL,
    who TEXT NOT NULL,
    started_at TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (deed, who)
);
