/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "model/incident-labels-private.h"

/* As it is written, both grammars read the same from it. */
static void
check_written (GPtrArray *matchers)
{
  g_autofree char *written = incident_matchers_to_string (matchers);
  g_autofree char *rewritten = NULL;
  g_autofree char *warning = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) again = incident_matcher_parse (written, &warning, &error);

  fuzz_assert (again != NULL && error == NULL && warning == NULL);
  fuzz_assert (incident_matchers_equal (matchers, again));
  rewritten = incident_matchers_to_string (again);
  fuzz_assert (strcmp (written, rewritten) == 0);
}

/* A matcher that is put together from the same parts answers the same. */
static void
check_matcher (IncidentMatcher *matcher,
               const char      *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) other_error = NULL;
  g_autoptr(IncidentMatcher) other = incident_matcher_new (incident_matcher_get_name (matcher),
                                                           incident_matcher_get_operator (matcher),
                                                           incident_matcher_get_value (matcher), NULL);
  gboolean matches = incident_matcher_matches (matcher, value, &error);
  const char *op = incident_matcher_get_operator (matcher);

  fuzz_assert (other != NULL);
  fuzz_assert (incident_matcher_matches (other, value, &other_error) == matches);
  fuzz_assert ((error == NULL) == (other_error == NULL));
  if (error != NULL)
    {
      fuzz_assert (!matches && op[1] == '~');
      fuzz_check_error (FALSE, error);
    }
  if (op[1] == '\0' || op[1] == '=')
    fuzz_assert (matches == ((strcmp (incident_matcher_get_value (matcher), value) == 0) == (*op == '=')));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *warning = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) matchers = incident_matcher_parse (text, &warning, &error);

  fuzz_check_error (matchers != NULL, error);
  fuzz_assert (warning == NULL || (matchers != NULL && g_utf8_validate (warning, -1, NULL)));
  if (matchers == NULL)
    return 0;

  check_written (matchers);
  for (guint i = 0; i < matchers->len; i++)
    {
      check_matcher (g_ptr_array_index (matchers, i), text);
      check_matcher (g_ptr_array_index (matchers, i), incident_matcher_get_value (g_ptr_array_index (matchers, i)));
      check_matcher (g_ptr_array_index (matchers, i), "");
    }
  return 0;
}
