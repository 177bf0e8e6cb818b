/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What cannot be beaten by much: the least that has to be done, without a library. */
#include "worker.h"

#include <fcntl.h>
#include <glib-object.h>
#include <string.h>
#include <unistd.h>

enum { DIAGNOSIS, RESOLUTION, RECOVERED, N_PHASES };

/* The table: which phase a step leads to; -1: it is refused. */
static const gint8 table[N_RING][N_PHASES] = {
  { RESOLUTION, -1, -1 },
  { -1, RECOVERED, -1 },
  { -1, -1, DIAGNOSIS },
};

typedef struct
{
  gint64  at;
  guint32 number;
  guint32 seq;
  guint8  step;
} Event;

/* A shared log, in chunks that are reused: memory that was used before. */
#define LOG_SIZE (1u << 20)

static Event *event_log;
static guint64 n_events;

static inline void
append (guint32 number,
        guint32 seq,
        guint   step)
{
  event_log[n_events++ & (LOG_SIZE - 1)] = (Event) { g_get_real_time (), number, seq, (guint8) step };
}

static void
begin_log (void)
{
  g_free (event_log);
  event_log = g_new0 (Event, LOG_SIZE);
  n_events = 0;
}

/* Guard, event record and one clock read, on a row of 16 bytes a case */

typedef struct
{
  guint32 version;
  guint32 last;
  guint8  phase;
  guint8  severity;
  guint16 service;
  guint32 commander;
} Row;

static Row *rows;

static void
table_begin (void)
{
  begin_log ();
  g_free (rows);
  rows = g_new0 (Row, worker_n_cases);
}

static void
table_run (guint64 n)
{
  while (n > 0)
    {
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, 1024), &step, &cases);

      for (guint32 i = 0; i < got; i++)
        {
          Row *row = &rows[cases[i]];
          gint8 to = table[step][row->phase];

          if (to < 0)
            g_error ("refused");
          row->phase = (guint8) to;
          row->version++;
          row->last = (guint32) n_events;
          append (cases[i], row->version, step);
        }
      n -= got;
    }
}

/* Of a case with one event. */
static gint64
table_count (void)
{
  gint64 before = worker_resident ();
  Event *events = g_new0 (Event, worker_n_cases);

  rows = g_new0 (Row, worker_n_cases);
  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      rows[i].version = 1;
      events[i] = (Event) { g_get_real_time (), i + 1, 1, 0 };
    }
  return (worker_resident () - before) / worker_n_cases;
}

static guint64
table_checksum (void)
{
  guint64 sum = n_events;

  for (guint32 i = 0; i < worker_n_cases; i++)
    sum += worker_checksum (i, rows[i].phase);
  return sum;
}

/* A GObject a case, with a property, a signal and its own array of events: what one
 * would write without thinking of a million. */

typedef struct
{
  GObject  parent_instance;
  guint    phase;
  GArray  *events;
} BenchCase;

typedef struct
{
  GObjectClass parent_class;
} BenchCaseClass;

GType bench_case_get_type (void);

G_DEFINE_TYPE (BenchCase, bench_case, G_TYPE_OBJECT)

static GParamSpec *phase_property;
static guint changed;
static BenchCase **objects;

static void
bench_case_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  g_value_set_uint (value, ((BenchCase *) object)->phase);
}

static void
bench_case_finalize (GObject *object)
{
  g_array_unref (((BenchCase *) object)->events);
  G_OBJECT_CLASS (bench_case_parent_class)->finalize (object);
}

static void
bench_case_class_init (BenchCaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bench_case_get_property;
  object_class->finalize = bench_case_finalize;
  phase_property = g_param_spec_uint ("phase", NULL, NULL, 0, N_PHASES, 0,
                                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, 1, phase_property);
  changed = g_signal_new ("changed", bench_case_get_type (), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                          g_cclosure_marshal_VOID__UINT, G_TYPE_NONE, 1, G_TYPE_UINT);
  g_signal_set_va_marshaller (changed, bench_case_get_type (), g_cclosure_marshal_VOID__UINTv);
}

static void
bench_case_init (BenchCase *self)
{
  self->events = g_array_new (FALSE, FALSE, sizeof (Event));
}

static void
object_end (void)
{
  for (guint32 i = 0; i < worker_n_cases; i++)
    g_object_unref (objects[i]);
  g_free (objects);
}

static void
object_begin (void)
{
  n_events = 0;
  objects = g_new (BenchCase *, worker_n_cases);
  for (guint32 i = 0; i < worker_n_cases; i++)
    objects[i] = g_object_new (bench_case_get_type (), NULL);
}

static guint64 n_heard;

static void
on_changed (BenchCase *object,
            guint      phase,
            gpointer   data)
{
  n_heard++;
}

static void
object_heard_begin (void)
{
  object_begin ();
  for (guint32 i = 0; i < worker_n_cases; i++)
    g_signal_connect (objects[i], "changed", G_CALLBACK (on_changed), NULL);
}

static gint64
object_count (void)
{
  gint64 before = worker_resident ();

  object_begin ();
  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      Event event = { g_get_real_time (), i + 1, 1, 0 };

      g_array_append_val (objects[i]->events, event);
    }
  return (worker_resident () - before) / worker_n_cases;
}

static void
object_run (guint64 n)
{
  while (n > 0)
    {
      const guint32 *cases;
      guint step;
      guint32 got = worker_next ((guint32) MIN (n, 1024), &step, &cases);

      for (guint32 i = 0; i < got; i++)
        {
          BenchCase *object = objects[cases[i]];
          gint8 to = table[step][object->phase];
          Event event = { g_get_real_time (), cases[i], object->events->len + 1, (guint8) step };

          if (to < 0)
            g_error ("refused");
          object->phase = (guint) to;
          g_array_append_val (object->events, event);
          g_object_notify_by_pspec (G_OBJECT (object), phase_property);
          g_signal_emit (object, changed, 0, object->phase);
        }
      n_events += got;
      n -= got;
    }
}

static guint64
object_checksum (void)
{
  guint64 sum = n_events;

  for (guint32 i = 0; i < worker_n_cases; i++)
    sum += worker_checksum (i, objects[i]->phase);
  return sum;
}

/* The disk */

static int probe = -1;

static void
probe_begin (void)
{
  g_autofree char *path = worker_path ("probe");

  probe = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert_true (probe >= 0);
}

static void
probe_run (guint64 n)
{
  static char page[4096];

  for (guint64 i = 0; i < n; i++)
    if (pwrite (probe, page, sizeof page, (off_t) (i % 256) * 4096) != sizeof page || fdatasync (probe) != 0)
      g_error ("the disk cannot be written");
}

/* How fast is the machine just now? */
static void
canary_run (guint64 n)
{
  volatile guint64 x = 1;

  for (guint64 i = 0; i < n; i++)
    x = x * 6364136223846793005u + 1442695040888963407u;
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "table", table_begin, table_run, table_checksum, NULL, NULL },
    { "table-memory", worker_nothing, worker_no_run, NULL, table_count, NULL },
    { "object", object_begin, object_run, object_checksum, NULL, object_end },
    { "object-heard", object_heard_begin, object_run, object_checksum, NULL, object_end },
    { "object-memory", worker_nothing, worker_no_run, NULL, object_count, NULL },
    { "fdatasync", probe_begin, probe_run, NULL, NULL, NULL },
    { "canary", worker_nothing, canary_run, NULL, NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
