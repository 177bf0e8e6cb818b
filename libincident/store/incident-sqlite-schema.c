/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-private.h"

/* What leads from one version of the schema to the next. The events are final:
 * triggers stop whoever tries to mend history. Room for more (deadlines …) is
 * made by a further version, in the same file and so in the same transactions. */
const char * const incident_sqlite_migrations[] = {
  "CREATE TABLE store ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  store_id BLOB NOT NULL CHECK (length (store_id) = 16),"
  "  applied INTEGER NOT NULL" /* events that case_row knows of */
  ") STRICT;"
  "CREATE TABLE event ("
  "  log_index INTEGER PRIMARY KEY,"
  "  subject INTEGER NOT NULL,"
  "  seq INTEGER NOT NULL,"
  "  step INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  occurred_at INTEGER NOT NULL,"
  "  recorded_at INTEGER NOT NULL,"
  "  actor TEXT NOT NULL,"
  "  verified INTEGER NOT NULL,"
  "  operation BLOB NOT NULL,"
  "  facts TEXT NOT NULL,"
  "  commitment BLOB NOT NULL,"
  "  leaf BLOB NOT NULL,"
  "  UNIQUE (subject, seq),"
  "  UNIQUE (operation, step)"
  ") STRICT;"
  /* Apart from the event, so that it can be erased and the log still verifies. */
  "CREATE TABLE payload ("
  "  log_index INTEGER PRIMARY KEY REFERENCES event,"
  "  key BLOB NOT NULL,"
  "  body TEXT NOT NULL"
  ") STRICT;"
  "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;"
  "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;"
  /* REPLACE deletes without a word to the trigger above. */
  "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event"
  "  WHEN EXISTS (SELECT 1 FROM event WHERE log_index = NEW.log_index)"
  "    OR EXISTS (SELECT 1 FROM event WHERE subject = NEW.subject AND seq = NEW.seq)"
  "    OR EXISTS (SELECT 1 FROM event WHERE operation = NEW.operation AND step = NEW.step)"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never replaced'); END;"
  "CREATE TABLE alert_group ("
  "  name TEXT PRIMARY KEY,"
  "  subject INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  /* What queries read; nothing here that the events do not say. */
  "CREATE TABLE case_row ("
  "  number INTEGER PRIMARY KEY,"
  "  version INTEGER NOT NULL,"
  "  title TEXT NOT NULL,"
  "  phase TEXT NOT NULL,"
  "  open INTEGER NOT NULL,"
  "  severity TEXT NOT NULL,"
  "  service TEXT,"
  "  opened_at INTEGER NOT NULL,"
  "  updated_at INTEGER NOT NULL,"
  "  closed_at INTEGER"
  ") STRICT;"
  "CREATE INDEX case_row_open ON case_row (number) WHERE open;",

  /* A row may hold what one command says of many cases, and each event leads to the
   * one before it in its case: so no index has to be written at random places. */
  "CREATE TABLE event_2 ("
  "  log_index INTEGER PRIMARY KEY,"
  "  subject INTEGER NOT NULL,"
  "  seq INTEGER NOT NULL,"
  "  step INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  occurred_at INTEGER NOT NULL,"
  "  recorded_at INTEGER NOT NULL,"
  "  actor TEXT NOT NULL,"
  "  verified INTEGER NOT NULL,"
  "  operation BLOB NOT NULL,"
  "  facts TEXT NOT NULL,"
  "  commitment BLOB NOT NULL,"
  "  leaf BLOB NOT NULL,"
  "  prev INTEGER," /* log index of the event before it in its case */
  "  also BLOB"     /* other cases of which the same is said: see incident-sqlite-rows.c */
  ") STRICT;"
  "INSERT INTO event_2 SELECT e.*,"
  "  (SELECT p.log_index FROM event AS p WHERE p.subject = e.subject AND p.seq = e.seq - 1), NULL"
  "  FROM event AS e ORDER BY e.log_index;"
  "CREATE TABLE case_row_2 ("
  "  number INTEGER PRIMARY KEY,"
  "  version INTEGER NOT NULL,"
  "  last INTEGER NOT NULL," /* log index of the event that made this version */
  "  title TEXT NOT NULL,"
  "  phase TEXT NOT NULL,"
  "  open INTEGER NOT NULL,"
  "  severity TEXT NOT NULL,"
  "  service TEXT,"
  "  opened_at INTEGER NOT NULL,"
  "  updated_at INTEGER NOT NULL,"
  "  closed_at INTEGER"
  ") STRICT;"
  "INSERT INTO case_row_2 SELECT o.subject, l.seq, l.log_index,"
  "  coalesce (json_extract (p.body, '$.title'), '(withheld)'), 'new', 1, 'unknown', NULL,"
  "  o.occurred_at, l.recorded_at, NULL"
  "  FROM event AS o LEFT JOIN payload AS p USING (log_index)"
  "  JOIN event AS l ON l.subject = o.subject AND l.seq = (SELECT max (seq) FROM event WHERE subject = o.subject)"
  "  WHERE o.seq = 1;"
  "DROP TABLE case_row;"
  "ALTER TABLE case_row_2 RENAME TO case_row;"
  "CREATE INDEX case_row_open ON case_row (number) WHERE open;"
  "DROP TABLE event;"
  "ALTER TABLE event_2 RENAME TO event;"
  "CREATE UNIQUE INDEX event_operation ON event (operation, step);"
  "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;"
  "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;"
  "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event"
  "  WHEN EXISTS (SELECT 1 FROM event WHERE log_index = NEW.log_index)"
  "    OR EXISTS (SELECT 1 FROM event WHERE operation = NEW.operation AND step = NEW.step)"
  "  BEGIN SELECT RAISE (ABORT, 'an event is never replaced'); END;"
  /* Copies of old events for the fold: see incident-sqlite-segment.c. */
  "CREATE TABLE segment ("
  "  first INTEGER PRIMARY KEY," /* log index */
  "  n INTEGER NOT NULL,"
  "  digest BLOB NOT NULL,"
  "  body BLOB NOT NULL"
  ") STRICT;"
  /* The rows are stubs: let them be made from the events. */
  "UPDATE store SET applied = 0;",

  /* Playbooks and lifecycles that cases are under, by what they say. */
  "CREATE TABLE document ("
  "  version TEXT PRIMARY KEY,"
  "  body TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  /* Who wanted to do what they have no right to. */
  "CREATE TABLE refusal ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  refused_at INTEGER NOT NULL,"
  "  subject INTEGER NOT NULL," /* 0: no case yet */
  "  actor TEXT NOT NULL,"
  "  verified INTEGER NOT NULL,"
  "  verb TEXT NOT NULL,"
  "  why TEXT NOT NULL"
  ") STRICT;",

  /* All that monitoring said and what people said about that. */
  "CREATE TABLE intake ("
  "  id INTEGER PRIMARY KEY," /* without a gap */
  "  received_at INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  actor TEXT NOT NULL,"
  "  format TEXT,"
  "  playbook TEXT,"
  "  body BLOB NOT NULL"
  ") STRICT;"
  "CREATE INDEX intake_received_at ON intake (received_at);"
  /* Messages are nearly all there is, and are listed with what stands between them. */
  "CREATE INDEX intake_kind ON intake (kind) WHERE kind <> 'message';"
  /* But the body may be made all zeros. */
  "CREATE TRIGGER intake_is_not_changed BEFORE UPDATE ON intake"
  "  WHEN NEW.id IS NOT OLD.id OR NEW.received_at IS NOT OLD.received_at OR NEW.kind IS NOT OLD.kind"
  "    OR NEW.actor IS NOT OLD.actor OR NEW.format IS NOT OLD.format OR NEW.playbook IS NOT OLD.playbook"
  "    OR (NEW.body IS NOT OLD.body AND NEW.body IS NOT zeroblob (length (NEW.body)))"
  "  BEGIN SELECT RAISE (ABORT, 'what was taken in is never changed'); END;"
  "CREATE TRIGGER intake_is_not_deleted BEFORE DELETE ON intake"
  "  BEGIN SELECT RAISE (ABORT, 'what was taken in is never deleted'); END;"
  "CREATE TRIGGER intake_is_not_replaced BEFORE INSERT ON intake"
  "  WHEN EXISTS (SELECT 1 FROM intake WHERE id = NEW.id)"
  "  BEGIN SELECT RAISE (ABORT, 'what was taken in is never replaced'); END;"
  /* What is known of each alert. */
  "CREATE TABLE alert ("
  "  id INTEGER PRIMARY KEY,"
  "  active INTEGER NOT NULL,"
  "  subject INTEGER NOT NULL," /* 0: no case */
  "  entry INTEGER NOT NULL,"   /* of the intake, which said so last */
  "  data BLOB NOT NULL"
  ") STRICT;"
  /* Old alerts are many, and are not looked at when the firing ones are listed. */
  "CREATE INDEX alert_active ON alert (id) WHERE active;"
  "CREATE INDEX alert_ended ON alert (entry) WHERE NOT active;"
  /* What an entry told first of many alerts, together; what is told of one of them later stands above, in
   * its place: see incident-sqlite-pages.c. */
  "CREATE TABLE alert_page ("
  "  entry INTEGER PRIMARY KEY,"
  "  body BLOB NOT NULL"
  ") STRICT;"
  /* Apart, since it changes. */
  "CREATE TABLE alert_page_count ("
  "  entry INTEGER PRIMARY KEY,"
  "  n_active INTEGER NOT NULL" /* of the alerts of the page, as they stand now */
  ") STRICT;"
  "CREATE INDEX alert_page_active ON alert_page_count (entry) WHERE n_active <> 0;",

  /* Messages to be delivered, and those that were: see incident-outbox-table.c. Numbers of state and kind are those of
   * IncidentMessageState and IncidentMessageKind: 0 pending, 1 sending, 2 unsure, 3 sent. */
  "CREATE TABLE outbox ("
  "  id INTEGER PRIMARY KEY,"
  "  key TEXT NOT NULL UNIQUE,"
  "  subject INTEGER NOT NULL," /* 0: no case */
  "  seq INTEGER NOT NULL,"
  "  episode INTEGER NOT NULL,"
  "  wanted INTEGER NOT NULL,"
  "  kind INTEGER NOT NULL,"
  "  channel TEXT NOT NULL,"
  "  lane TEXT NOT NULL,"
  "  priority INTEGER NOT NULL,"
  "  body TEXT NOT NULL,"
  "  recipient TEXT,"
  "  coalesce_key TEXT,"
  "  depends_on TEXT," /* key */
  "  created_at INTEGER NOT NULL,"
  "  not_before INTEGER NOT NULL,"
  "  no_later INTEGER NOT NULL,"
  "  expires_at INTEGER NOT NULL,"
  "  most_attempts INTEGER NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  attempts INTEGER NOT NULL,"
  "  unsure_since INTEGER,"
  "  token INTEGER NOT NULL," /* of its last claim */
  "  external_id TEXT,"
  "  conversation TEXT,"
  "  permalink TEXT,"
  "  trouble TEXT,"
  "  changed_at INTEGER NOT NULL,"
  "  log TEXT,"
  "  claimed_at INTEGER" /* when its last claim began */
  ") STRICT;"
  "CREATE INDEX outbox_subject ON outbox (subject);"
  /* Those that were sent are nearly all there is, and are in the way of nobody. */
  "CREATE INDEX outbox_waiting ON outbox (channel, lane) WHERE state < 3;"
  "CREATE INDEX outbox_coalesce ON outbox (channel, coalesce_key) WHERE state = 0 AND coalesce_key IS NOT NULL;"
  "CREATE INDEX outbox_depends ON outbox (depends_on) WHERE state = 0 AND depends_on IS NOT NULL;"
  "CREATE INDEX outbox_not_sent ON outbox (channel, state) WHERE state <> 3;"
  "CREATE INDEX outbox_sent ON outbox (subject, channel, kind) WHERE state = 3;"
  "CREATE INDEX outbox_room ON outbox (channel, conversation) WHERE kind = 1 AND state = 3;"
  /* What goes strictly one after another. Kept when it is empty: its token must only rise. */
  "CREATE TABLE outbox_lane ("
  "  channel TEXT NOT NULL,"
  "  lane TEXT NOT NULL,"
  "  token INTEGER NOT NULL,"
  "  holder TEXT,"      /* NULL: it is free */
  "  head INTEGER,"     /* the message whose turn it is; NULL: there is none */
  "  priority INTEGER," /* of the head */
  "  due INTEGER,"      /* when it may be claimed: that of the head, or where it is held the end of the lease */
  "  PRIMARY KEY (channel, lane)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX outbox_lane_due ON outbox_lane (channel, priority, due, head) WHERE head IS NOT NULL;"
  "CREATE TABLE outbox_count ("
  "  channel TEXT NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  n INTEGER NOT NULL,"
  "  PRIMARY KEY (channel, state)"
  ") STRICT, WITHOUT ROWID;"
  /* What is known of a channel as a whole. */
  "CREATE TABLE channel_state ("
  "  channel TEXT PRIMARY KEY,"
  "  version INTEGER NOT NULL,"
  "  data TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;",

  /* What people changed about who is on call. */
  "CREATE TABLE roster ("
  "  id INTEGER PRIMARY KEY," /* without a gap */
  "  at INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  schedule TEXT,"
  "  actor TEXT NOT NULL,"
  "  body TEXT NOT NULL"
  ") STRICT;"
  "CREATE TRIGGER roster_is_not_changed BEFORE UPDATE ON roster"
  "  BEGIN SELECT RAISE (ABORT, 'who was on call is never changed'); END;"
  "CREATE TRIGGER roster_is_not_deleted BEFORE DELETE ON roster"
  "  BEGIN SELECT RAISE (ABORT, 'who was on call is never deleted'); END;"
  "CREATE TRIGGER roster_is_not_replaced BEFORE INSERT ON roster"
  "  WHEN EXISTS (SELECT 1 FROM roster WHERE id = NEW.id)"
  "  BEGIN SELECT RAISE (ABORT, 'who was on call is never replaced'); END;"
  /* Who does a piece of work alone. Kept when it is over: its token must only rise. */
  "CREATE TABLE claim ("
  "  name TEXT PRIMARY KEY,"
  "  token INTEGER NOT NULL,"
  "  holder TEXT NOT NULL,"
  "  until INTEGER NOT NULL" /* the lease */
  ") STRICT, WITHOUT ROWID;"
  /* Pages that were sent: 11 is the number of their kind. */
  "CREATE INDEX outbox_paged ON outbox (channel, recipient, changed_at) WHERE kind = 11 AND state = 3;",
};

const guint incident_sqlite_n_migrations = G_N_ELEMENTS (incident_sqlite_migrations);
