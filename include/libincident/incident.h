/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define INCIDENT_INSIDE
#include <libincident/incident-assignment.h>
#include <libincident/incident-case.h>
#include <libincident/incident-clock.h>
#include <libincident/incident-command.h>
#include <libincident/incident-error.h>
#include <libincident/incident-event.h>
#include <libincident/incident-lifecycle.h>
#include <libincident/incident-manual-clock.h>
#include <libincident/incident-memory-store.h>
#include <libincident/incident-option.h>
#include <libincident/incident-priority.h>
#include <libincident/incident-query.h>
#include <libincident/incident-receipt.h>
#include <libincident/incident-report.h>
#include <libincident/incident-severity.h>
#include <libincident/incident-sqlite-store.h>
#include <libincident/incident-store.h>
#include <libincident/incident-system-clock.h>
#include <libincident/incident-text.h>
#include <libincident/incident-time.h>
#include <libincident/incident-version-macros.h>
#include <libincident/incident-version.h>
#undef INCIDENT_INSIDE
