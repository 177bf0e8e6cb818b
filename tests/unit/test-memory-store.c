/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-intake-rules.h"
#include "store-oncall-rules.h"
#include "store-outbox-rules.h"

static int
open_shop (void **state)
{
  Shop *shop = shop_new ();

  shop->store = incident_memory_store_new (shop->clock);
  *state = shop;
  return 0;
}

static int
close_shop (void **state)
{
  shop_free (*state);
  return 0;
}

static void
test_two_stores_hash_the_same_event_differently (void **state)
{
  Shop *shop = *state;
  Shop other = { g_object_ref (shop->clock), incident_memory_store_new (shop->clock), NULL, 0 };
  g_autoptr(GPtrArray) mine = NULL;
  g_autoptr(GPtrArray) theirs = NULL;

  commit_well (shop, draft (shop, 0, 1, "opened", OPENED));
  commit_well (&other, draft (&other, 0, 1, "opened", OPENED));
  mine = load (shop, 1, 0);
  theirs = load (&other, 1, 0);
  assert_memory_not_equal (((IncidentRecord *) g_ptr_array_index (mine, 0))->leaf,
                           ((IncidentRecord *) g_ptr_array_index (theirs, 0))->leaf, INCIDENT_HASH_LENGTH);
  g_object_unref (other.store);
  g_object_unref (other.clock);
}

static void
test_memory_cannot_be_backed_up (void **state)
{
  Shop *shop = *state;
  g_autoptr(GError) error = NULL;

  assert_false (incident_store_backup (shop->store, "/nowhere/at/all", NULL, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  assert_string_equal (error->message, "A store of this kind (IncidentMemoryStore) cannot be backed up");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    STORE_RULES (open_shop, close_shop),
    STORE_INTAKE_RULES (open_shop, close_shop),
    STORE_OUTBOX_RULES (open_shop, close_shop),
    STORE_ONCALL_RULES (open_shop, close_shop),
    cmocka_unit_test_setup_teardown (test_two_stores_hash_the_same_event_differently, open_shop, close_shop),
    cmocka_unit_test_setup_teardown (test_memory_cannot_be_backed_up, open_shop, close_shop),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
