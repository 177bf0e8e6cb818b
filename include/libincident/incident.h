/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define INCIDENT_INSIDE
#include <libincident/incident-error.h>
#include <libincident/incident-text.h>
#include <libincident/incident-time.h>
#include <libincident/incident-version-macros.h>
#include <libincident/incident-version.h>
#undef INCIDENT_INSIDE
