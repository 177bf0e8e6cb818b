/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-labels-private.h"

#include <string.h>

#include "model/incident-matcher-private.h"

const char *
incident_labels_get (IncidentLabels  self,
                     const char     *name)
{
  guint first = 0;
  guint end = self.n;

  while (first < end)
    {
      guint middle = (first + end) / 2;
      const char *other = self.labels[middle].name;
      /* Most names differ in their first byte: no call for these. */
      int order = (int) (guchar) *name - (int) (guchar) *other;

      if (order == 0)
        order = strcmp (name, other);
      if (order == 0)
        return self.labels[middle].value;
      if (order < 0)
        end = middle;
      else
        first = middle + 1;
    }

  return NULL;
}

/* Where the labels of each first byte begin: a list of matchers that is long looks up
 * many names in the same labels. */
#define WORTH_AN_INDEX 8

typedef struct
{
  IncidentLabels labels;
  gboolean       is_filled;
  guint8         first[256]; /* 0: there is none; else the number of the first, from 1 */
} Index;

static void
index_init (Index          *self,
            IncidentLabels  labels,
            guint           n_names)
{
  self->labels = labels;
  self->is_filled = n_names >= WORTH_AN_INDEX && labels.n <= G_MAXUINT8;
  if (!self->is_filled)
    return;

  memset (self->first, 0, sizeof self->first);
  for (guint i = labels.n; i > 0; i--)
    self->first[(guchar) *labels.labels[i - 1].name] = (guint8) i;
}

static const char *
index_get (const Index *self,
           const char  *name)
{
  guint i;

  if (!self->is_filled)
    return incident_labels_get (self->labels, name);

  i = self->first[(guchar) *name];
  if (i == 0)
    return NULL;
  for (i--; i < self->labels.n && *self->labels.labels[i].name == *name; i++)
    if (strcmp (self->labels.labels[i].name, name) == 0)
      return self->labels.labels[i].value;

  return NULL;
}

gboolean
incident_matchers_match (GPtrArray       *matchers,
                         IncidentLabels   labels,
                         IncidentLabels   annotations,
                         char           **problem)
{
  Index index;

  if (matchers == NULL)
    return TRUE;

  index_init (&index, labels, matchers->len);
  for (guint i = 0; i < matchers->len; i++)
    {
      const IncidentMatcher *matcher = g_ptr_array_index (matchers, i);
      const char *value = index_get (&index, matcher->name);

      if (value == NULL && annotations.n > 0)
        value = incident_labels_get (annotations, matcher->name);
      if (value == NULL)
        value = "";
      /* Most lists fail here. */
      if (matcher->match == INCIDENT_MATCH_EQUAL ? *matcher->value != *value || strcmp (matcher->value, value) != 0
                                                 : !incident_matcher_holds (matcher, value, problem))
        return FALSE;
    }

  return TRUE;
}

char *
incident_matchers_to_string (GPtrArray *matchers)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; matchers != NULL && i < matchers->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      incident_matcher_append (g_ptr_array_index (matchers, i), out);
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static int
compare_matchers (gconstpointer a,
                  gconstpointer b)
{
  const IncidentMatcher *one = *(IncidentMatcher * const *) a;
  const IncidentMatcher *other = *(IncidentMatcher * const *) b;
  int order = strcmp (one->name, other->name);

  if (order == 0)
    order = (int) one->match - (int) other->match;
  return order != 0 ? order : strcmp (one->value, other->value);
}

static GPtrArray *
sort_matchers (GPtrArray *matchers)
{
  GPtrArray *sorted = g_ptr_array_new ();

  for (guint i = 0; matchers != NULL && i < matchers->len; i++)
    g_ptr_array_add (sorted, g_ptr_array_index (matchers, i));
  g_ptr_array_sort (sorted, compare_matchers);
  return sorted;
}

gboolean
incident_matchers_equal (GPtrArray *a,
                         GPtrArray *b)
{
  g_autoptr(GPtrArray) one = sort_matchers (a);
  g_autoptr(GPtrArray) other = sort_matchers (b);

  if (one->len != other->len)
    return FALSE;
  for (guint i = 0; i < one->len; i++)
    if (!incident_matcher_is_same (g_ptr_array_index (one, i), g_ptr_array_index (other, i)))
      return FALSE;

  return TRUE;
}

gboolean
incident_matchers_match_empty (GPtrArray *matchers)
{
  return incident_matchers_match (matchers, (IncidentLabels) { NULL, 0 }, (IncidentLabels) { NULL, 0 }, NULL);
}
