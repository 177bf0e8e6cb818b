/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <sqlite3.h>

/* A folder of its own for each test, and what is done in it without the library. */

typedef struct
{
  char *folder;
  char *path;   /* of a store that is not there yet */
} Place;

int            place_setup     (void           **state);
int            place_teardown  (void           **state);

/* All asserts; a failure names the statement. */
sqlite3       *raw_open        (const char      *path);
void           raw_exec        (sqlite3         *db,
                                const char      *sql);
gint64         raw_query       (sqlite3         *db,
                                const char      *sql);
/* Opens, runs and closes. */
void           raw_do          (const char      *path,
                                const char      *sql);
gint64         raw_ask         (const char      *path,
                                const char      *sql);

IncidentDesk  *open_desk       (const char      *path);
IncidentCase  *open_case       (IncidentDesk    *desk,
                                const char      *title);
gboolean       note            (IncidentCase    *kase,
                                const char      *text,
                                GError         **error);
/* Notes number 0 to @n - 1. */
void           add_notes       (IncidentCase    *kase,
                                guint            n);
guint64        count_events    (IncidentDesk    *desk);
/* A webhook message of @n alerts of one group. */
char          *make_alerts     (const char      *group,
                                guint            n);
/* How many files are in the folder whose names begin so? */
guint          count_files     (const char      *folder,
                                const char      *prefix);
