BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE board (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	created VARCHAR(32) NOT NULL, 
	changed VARCHAR(32) NOT NULL, 
	student_id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	program TEXT NOT NULL, 
	catalog_year TEXT NOT NULL, 
	track TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_board PRIMARY KEY (id), 
	CONSTRAINT fk_board_student_id_student FOREIGN KEY(student_id) REFERENCES student (id) ON DELETE CASCADE
);
INSERT INTO "board" VALUES('61N2g18oU52y',4,'2026-11-22T12:00:03.000000+00:00','2026-11-22T12:00:06.000000+00:00','QrfG0ewcoEam','First','gatech-omscs','2026-27','',1);
CREATE TABLE board_step (
	board_id VARCHAR(40) NOT NULL, 
	seq INTEGER NOT NULL, 
	cards TEXT NOT NULL, 
	said TEXT NOT NULL, 
	CONSTRAINT pk_board_step PRIMARY KEY (board_id, seq), 
	CONSTRAINT fk_board_step_board_id_board FOREIGN KEY(board_id) REFERENCES board (id) ON DELETE CASCADE
);
INSERT INTO "board_step" VALUES('61N2g18oU52y',0,'[]','');
INSERT INTO "board_step" VALUES('61N2g18oU52y',1,'[{"course": "CS 7641", "period": "Spring 2027", "pinned": true, "credits": "3", "grade": "B"}]','Added CS 7641');
INSERT INTO "board_step" VALUES('61N2g18oU52y',2,'[]','Took CS 7641 off');
CREATE TABLE job (
	id VARCHAR(40) NOT NULL, 
	kind TEXT NOT NULL, 
	params TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	said TEXT NOT NULL, 
	result TEXT, 
	result_bytes INTEGER NOT NULL, 
	error TEXT, 
	owner TEXT, 
	beat VARCHAR(32), 
	tries INTEGER NOT NULL, 
	asked_to_stop BOOLEAN NOT NULL, 
	created VARCHAR(32) NOT NULL, 
	changed VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_job PRIMARY KEY (id)
);
INSERT INTO "job" VALUES('YOmAb-xvwNzF','compare','{"student": "QrfG0ewcoEam"}','done',0,0,'','{"ok": true}',12,NULL,'one','2026-11-22T12:00:09.000000+00:00',1,0,'2026-11-22T12:00:08.000000+00:00','2026-11-22T12:00:10.000000+00:00');
INSERT INTO "job" VALUES('sl2amLmIr419','front','{}','failed',0,0,'',NULL,0,'[{"code": "INT-002", "severity": "error", "what": "the solver stopped", "fix": "run it again", "file": "", "line": null, "field": ""}]','one','2026-11-22T12:00:12.000000+00:00',1,0,'2026-11-22T12:00:11.000000+00:00','2026-11-22T12:00:13.000000+00:00');
INSERT INTO "job" VALUES('WBmIThybjQ3I','compare','{"student": "QrfG0ewcoEam"}','queued',0,0,'',NULL,0,NULL,NULL,NULL,0,0,'2026-11-22T12:00:14.000000+00:00','2026-11-22T12:00:14.000000+00:00');
CREATE TABLE record (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	created VARCHAR(32) NOT NULL, 
	changed VARCHAR(32) NOT NULL, 
	student_id VARCHAR(40), 
	name TEXT NOT NULL, 
	file_name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	program TEXT NOT NULL, 
	catalog_year TEXT NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_record PRIMARY KEY (id), 
	CONSTRAINT fk_record_student_id_student FOREIGN KEY(student_id) REFERENCES student (id) ON DELETE SET NULL
);
INSERT INTO "record" VALUES('Gh34oqsZQauG',1,'2026-11-22T12:00:07.000000+00:00','2026-11-22T12:00:07.000000+00:00','QrfG0ewcoEam','R','record.csv','csv','','',X'636F757273652C67726164650D0A435320363630312CC3A900');
CREATE TABLE student (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	created VARCHAR(32) NOT NULL, 
	changed VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_student PRIMARY KEY (id)
);
INSERT INTO "student" VALUES('QrfG0ewcoEam',2,'2026-11-22T12:00:01.000000+00:00','2026-11-22T12:00:02.000000+00:00','Ada ''Löwe''','format: 1
plan_from: 2027-01-04
');
CREATE INDEX ix_board_student_id ON board (student_id);
CREATE INDEX ix_record_student_id ON record (student_id);
CREATE INDEX ix_job_state_created ON job (state, created);
COMMIT;
