/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-audience-private.h"

const IncidentAudience *
incident_rules_get_audience (const IncidentRules *self,
                             const char          *name)
{
  const GPtrArray *audiences = self->comms != NULL ? self->comms->audiences : NULL;

  for (guint i = 0; audiences != NULL && i < audiences->len; i++)
    {
      const IncidentAudience *audience = g_ptr_array_index (audiences, i);

      if (g_str_equal (audience->name, name))
        return audience;
    }

  return NULL;
}

gboolean
incident_rules_is_public (const IncidentRules *self,
                          const char          *audience)
{
  const IncidentAudience *known = incident_rules_get_audience (self, audience);

  return known != NULL ? known->is_public : g_str_equal (audience, INCIDENT_AUDIENCE_CUSTOMER);
}
