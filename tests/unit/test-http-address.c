/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "comms/incident-http-address-private.h"
#include "comms/incident-http-private.h"

static void
test_addresses_of_the_public_internet_are_told_from_others (void **state)
{
  static const struct { const char *address; gboolean is_public; } addresses[] = {
    { "0.0.0.0", FALSE }, { "0.255.255.255", FALSE }, { "1.0.0.0", TRUE }, { "9.255.255.255", TRUE },
    { "10.0.0.0", FALSE }, { "10.255.255.255", FALSE }, { "11.0.0.0", TRUE },
    { "100.63.255.255", TRUE }, { "100.64.0.0", FALSE }, { "100.127.255.255", FALSE }, { "100.128.0.0", TRUE },
    { "126.255.255.255", TRUE }, { "127.0.0.1", FALSE }, { "127.255.255.255", FALSE }, { "128.0.0.0", TRUE },
    { "169.253.255.255", TRUE }, { "169.254.169.254", FALSE }, { "169.255.0.0", TRUE },
    { "172.15.255.255", TRUE }, { "172.16.0.0", FALSE }, { "172.31.255.255", FALSE }, { "172.32.0.0", TRUE },
    { "192.0.0.8", FALSE }, { "192.0.1.0", TRUE }, { "192.0.2.1", FALSE }, { "192.0.3.0", TRUE },
    { "192.88.98.255", TRUE }, { "192.88.99.1", FALSE }, { "192.88.100.0", TRUE },
    { "192.167.255.255", TRUE }, { "192.168.0.0", FALSE }, { "192.168.255.255", FALSE }, { "192.169.0.0", TRUE },
    { "198.17.255.255", TRUE }, { "198.18.0.0", FALSE }, { "198.19.255.255", FALSE }, { "198.20.0.0", TRUE },
    { "198.51.99.255", TRUE }, { "198.51.100.1", FALSE }, { "198.51.101.0", TRUE },
    { "203.0.112.255", TRUE }, { "203.0.113.1", FALSE }, { "203.0.114.0", TRUE },
    { "223.255.255.255", TRUE }, { "224.0.0.1", FALSE }, { "239.255.255.255", FALSE }, { "240.0.0.1", FALSE },
    { "255.255.255.255", FALSE }, { "8.8.8.8", TRUE },
    { "::", FALSE }, { "::1", FALSE }, { "::7f00:1", FALSE }, { "1fff::1", FALSE }, { "2000::1", TRUE },
    { "2001::1", FALSE }, { "2001:1ff:ffff::1", FALSE }, { "2001:200::1", TRUE },
    { "2001:db7:ffff::1", TRUE }, { "2001:db8::1", FALSE }, { "2001:db8:ffff::1", FALSE }, { "2001:db9::1", TRUE },
    { "2001:ffff::1", TRUE }, { "2002:7f00:1::1", FALSE }, { "2003::1", TRUE }, { "2606:4700::1111", TRUE },
    { "3ffe:ffff::1", TRUE }, { "3fff::1", FALSE }, { "3fff:fff::1", FALSE }, { "3fff:1000::1", TRUE }, { "4000::1", FALSE },
    { "fc00::1", FALSE }, { "fd12::1", FALSE }, { "fe80::1", FALSE }, { "fec0::1", FALSE }, { "ff02::1", FALSE },
    { "::ffff:127.0.0.1", FALSE }, { "::ffff:10.1.2.3", FALSE }, { "::ffff:8.8.8.8", TRUE }, { "::fffe:8.8.8.8", FALSE },
    { "64:ff9b::127.0.0.1", FALSE }, { "64:ff9b::a9fe:a9fe", FALSE }, { "64:ff9b::8.8.8.8", TRUE },
    { "64:ff9b:1::8.8.8.8", FALSE }, { "64:ff9b:0:1::8.8.8.8", FALSE }, { "100::1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (addresses[i].address);

      if (incident_address_is_public (address) != addresses[i].is_public)
        fail_msg ("%s", addresses[i].address);
    }
}

/* Says of each name that it has the same addresses. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
static GType test_resolver_get_type (void);
typedef struct { GResolver parent_instance; const char *const *addresses; guint n_lookups; } TestResolver;
typedef GResolverClass TestResolverClass;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestResolver, g_object_unref)
G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
look_up (GResolver                 *resolver,
         const char                *name,
         GResolverNameLookupFlags   flags,
         GCancellable              *cancellable,
         GError                   **error)
{
  TestResolver *self = (TestResolver *) resolver;
  GList *found = NULL;

  self->n_lookups++;
  for (const char *const *text = self->addresses; *text != NULL; text++)
    {
      gboolean is_6 = strchr (*text, ':') != NULL;

      if (flags == 0 || is_6 == (flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY))
        found = g_list_append (found, g_inet_address_new_from_string (*text));
    }
  if (found == NULL)
    g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "none of this family");
  return found;
}

static GList *
look_up_plain (GResolver     *resolver,
               const char    *name,
               GCancellable  *cancellable,
               GError       **error)
{
  return look_up (resolver, name, 0, cancellable, error);
}

static void
look_up_async (GResolver                *resolver,
               const char               *name,
               GResolverNameLookupFlags  flags,
               GCancellable             *cancellable,
               GAsyncReadyCallback       callback,
               gpointer                  data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, data);
  GError *error = NULL;
  GList *found = look_up (resolver, name, flags, cancellable, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_resolver_free_addresses);
  else
    g_task_return_error (task, error);
}

static GList *
look_up_finish (GResolver     *resolver,
                GAsyncResult  *result,
                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  klass->lookup_by_name = look_up_plain;
  klass->lookup_by_name_with_flags = look_up;
  klass->lookup_by_name_with_flags_async = look_up_async;
  klass->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

static TestResolver *
use_resolver (const char *const *addresses)
{
  TestResolver *resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

  resolver->addresses = addresses;
  g_resolver_set_default (G_RESOLVER (resolver));
  return resolver;
}

static void
use_system_resolver (GResolver *before)
{
  g_resolver_set_default (before);
  g_object_unref (before);
}

/* All that is to be connected to, in one line. */
static char *
enumerate (const char  *host,
           gboolean     may_be_near,
           gboolean     is_async,
           GError     **error)
{
  g_autoptr(GSocketConnectable) address = incident_http_address_new (host, 443, may_be_near);
  g_autoptr(GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (address);
  g_autoptr(GString) line = g_string_new (NULL);

  for (;;)
    {
      g_autoptr(GSocketAddress) next = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autofree char *text = NULL;

      if (is_async)
        {
          g_socket_address_enumerator_next_async (enumerator, NULL, store_result, &result);
          next = g_socket_address_enumerator_next_finish (enumerator, wait_for (&result), error);
        }
      else
        {
          next = g_socket_address_enumerator_next (enumerator, NULL, error);
        }
      if (next == NULL)
        return g_string_free (g_steal_pointer (&line), FALSE);
      text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (next)));
      g_string_append_printf (line, "%s ", text);
    }
}

static void
test_only_public_addresses_are_connected_to (void **state)
{
  static const char *const addresses[] = { "10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111", "127.0.0.1", "9.9.9.9", NULL };
  GResolver *before = g_resolver_get_default ();
  g_autoptr(TestResolver) resolver G_GNUC_UNUSED = use_resolver (addresses);

  for (int is_async = 0; is_async < 2; is_async++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *line = enumerate ("two.example", FALSE, is_async, &error);
      g_autofree char *all = enumerate ("two.example", TRUE, is_async, NULL);

      assert_no_error (error);
      assert_null (strstr (line, "10.0.0.1"));
      assert_null (strstr (line, "127.0.0.1"));
      assert_null (strstr (line, "::1 "));
      assert_non_null (strstr (line, "8.8.8.8 "));
      assert_non_null (strstr (line, "9.9.9.9 "));
      assert_non_null (strstr (line, "2606:4700::1111 "));
      assert_non_null (strstr (all, "10.0.0.1 "));
      assert_non_null (strstr (all, "::1 "));
    }
  use_system_resolver (before);
}

static void
test_a_name_of_private_addresses_alone_is_refused (void **state)
{
  static const char *const addresses[] = { "10.0.0.1", "fd00::1", NULL };
  GResolver *before = g_resolver_get_default ();
  g_autoptr(TestResolver) resolver G_GNUC_UNUSED = use_resolver (addresses);

  for (int is_async = 0; is_async < 2; is_async++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *line = enumerate ("two.example", FALSE, is_async, &error);

      assert_string_equal (line, "");
      assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
    }
  use_system_resolver (before);
}

static void
test_each_connection_asks_for_the_addresses_anew (void **state)
{
  static const char *const first[] = { "8.8.8.8", NULL };
  static const char *const then[] = { "127.0.0.1", NULL };
  GResolver *before = g_resolver_get_default ();
  g_autoptr(TestResolver) resolver = use_resolver (first);
  g_autoptr(GSocketConnectable) address = incident_http_address_new ("moves.example", 443, FALSE);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (address);
      g_autoptr(GSocketAddress) found = g_socket_address_enumerator_next (enumerator, NULL, NULL);

      assert_true ((found != NULL) == (i == 0));
      resolver->addresses = then;
    }
  use_system_resolver (before);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_addresses_of_the_public_internet_are_told_from_others),
    cmocka_unit_test (test_only_public_addresses_are_connected_to),
    cmocka_unit_test (test_a_name_of_private_addresses_alone_is_refused),
    cmocka_unit_test (test_each_connection_asks_for_the_addresses_anew),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
