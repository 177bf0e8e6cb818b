/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bench-alerts body N | playbook | alertmanager: what the workers in Python send, and the rules it goes by. */
#include "alerts.h"

#include <stdio.h>
#include <stdlib.h>

int
main (int    argc,
      char **argv)
{
  g_autofree char *text = NULL;

  if (argc == 3 && g_str_equal (argv[1], "body"))
    {
      AlertBody *body = alert_body_new (ALERT_BODY_API, (guint) atoi (argv[2]), 1);

      text = g_strdup (alert_body_get_template (body));
      alert_body_free (body);
    }
  else if (argc == 2 && g_str_equal (argv[1], "playbook"))
    text = alerts_playbook ();
  else if (argc == 2 && g_str_equal (argv[1], "alertmanager"))
    text = alerts_alertmanager_configuration ();
  if (text == NULL)
    {
      fprintf (stderr, "usage: %s body N | playbook | alertmanager\n", argv[0]);
      return 2;
    }

  fputs (text, stdout);
  return 0;
}
