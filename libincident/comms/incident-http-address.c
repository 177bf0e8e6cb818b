/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-http-address-private.h"

#include <string.h>

#include "comms/incident-http-private.h"

/* Which addresses are public */

typedef struct
{
  guint8 bytes[16];
  guint  n_bits;
} Range;

/* What the registries of special addresses set apart, and multicast. */
static const Range near_ipv4[] = {
  { { 0 }, 8 }, { { 10 }, 8 }, { { 100, 64 }, 10 }, { { 127 }, 8 }, { { 169, 254 }, 16 }, { { 172, 16 }, 12 },
  { { 192, 0, 0 }, 24 }, { { 192, 0, 2 }, 24 }, { { 192, 88, 99 }, 24 }, { { 192, 168 }, 16 }, { { 198, 18 }, 15 },
  { { 198, 51, 100 }, 24 }, { { 203, 0, 113 }, 24 }, { { 224 }, 4 }, { { 240 }, 4 },
};

/* Of IPv6 only this is given out … */
static const Range global_ipv6 = { { 0x20 }, 3 };

/* … less protocols, examples and tunnels. */
static const Range near_ipv6[] = {
  { { 0x20, 0x01 }, 23 }, { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, { { 0x20, 0x02 }, 16 }, { { 0x3f, 0xff }, 20 },
};

/* IPv6 in whose last four bytes an IPv4 address is meant: mapped, and what NAT64 makes of one. */
static const Range holds_ipv4[] = {
  { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96 }, { { 0, 0x64, 0xff, 0x9b }, 96 },
};

static gboolean
is_in (const guint8 *bytes,
       const Range  *range)
{
  guint whole = range->n_bits / 8;
  guint mask = 0xff00 >> range->n_bits % 8 & 0xff;

  return memcmp (bytes, range->bytes, whole) == 0
         && (mask == 0 || (bytes[whole] & mask) == (range->bytes[whole] & mask));
}

static gboolean
is_in_any (const guint8 *bytes,
           const Range  *ranges,
           gsize         n_ranges)
{
  for (gsize i = 0; i < n_ranges; i++)
    if (is_in (bytes, &ranges[i]))
      return TRUE;

  return FALSE;
}

gboolean
incident_address_is_public (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  GSocketFamily family = g_inet_address_get_family (address);

  if (family == G_SOCKET_FAMILY_IPV6 && is_in_any (bytes, holds_ipv4, G_N_ELEMENTS (holds_ipv4)))
    {
      bytes += 12;
      family = G_SOCKET_FAMILY_IPV4;
    }
  if (family == G_SOCKET_FAMILY_IPV4)
    return !is_in_any (bytes, near_ipv4, G_N_ELEMENTS (near_ipv4));

  return is_in (bytes, &global_ipv6) && !is_in_any (bytes, near_ipv6, G_N_ELEMENTS (near_ipv6));
}

/* One after another */

#define INCIDENT_TYPE_HTTP_ADDRESSES (incident_http_addresses_get_type ())
G_DECLARE_FINAL_TYPE (IncidentHttpAddresses, incident_http_addresses, INCIDENT, HTTP_ADDRESSES, GSocketAddressEnumerator)

struct _IncidentHttpAddresses
{
  GSocketAddressEnumerator parent_instance;

  GSocketAddressEnumerator *found;
  gboolean                  may_be_near;
  gboolean                  has_given;
  gboolean                  has_refused;
};

G_DEFINE_FINAL_TYPE (IncidentHttpAddresses, incident_http_addresses, G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

/* A local socket, or whatever else there may be, is not public. */
static gboolean
may_connect (IncidentHttpAddresses *self,
             GSocketAddress        *address)
{
  if (self->may_be_near)
    return TRUE;

  return G_IS_INET_SOCKET_ADDRESS (address)
         && incident_address_is_public (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* @address: what was found, nullable. FALSE: go on looking. */
static gboolean
judge (IncidentHttpAddresses *self,
       GSocketAddress        *address,
       GError               **error)
{
  if (address != NULL && !may_connect (self, address))
    {
      self->has_refused = TRUE;
      return FALSE;
    }

  if (address != NULL)
    self->has_given = TRUE;
  else if (self->has_refused && !self->has_given && error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         "its address is not of the public internet, and “near” does not allow that");
  return TRUE;
}

static GSocketAddress *
incident_http_addresses_next (GSocketAddressEnumerator *enumerator,
                              GCancellable             *cancellable,
                              GError                  **error)
{
  IncidentHttpAddresses *self = INCIDENT_HTTP_ADDRESSES (enumerator);

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(GSocketAddress) address = g_socket_address_enumerator_next (self->found, cancellable, &local_error);

      if (!judge (self, address, &local_error))
        continue;
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return g_steal_pointer (&address);
    }
}

static void
on_next (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  IncidentHttpAddresses *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = g_socket_address_enumerator_next_finish (self->found, result, &error);

  if (!judge (self, address, &error))
    g_socket_address_enumerator_next_async (self->found, cancellable, on_next, g_steal_pointer (&task));
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&address), g_object_unref);
}

static void
incident_http_addresses_next_async (GSocketAddressEnumerator *enumerator,
                                    GCancellable             *cancellable,
                                    GAsyncReadyCallback       callback,
                                    gpointer                  data)
{
  IncidentHttpAddresses *self = INCIDENT_HTTP_ADDRESSES (enumerator);
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, incident_http_addresses_next_async);
  g_socket_address_enumerator_next_async (self->found, cancellable, on_next, task);
}

static GSocketAddress *
incident_http_addresses_next_finish (GSocketAddressEnumerator *enumerator,
                                     GAsyncResult             *result,
                                     GError                  **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
incident_http_addresses_dispose (GObject *object)
{
  IncidentHttpAddresses *self = INCIDENT_HTTP_ADDRESSES (object);

  g_clear_object (&self->found);

  G_OBJECT_CLASS (incident_http_addresses_parent_class)->dispose (object);
}

static void
incident_http_addresses_class_init (IncidentHttpAddressesClass *klass)
{
  GSocketAddressEnumeratorClass *enumerator_class = G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = incident_http_addresses_dispose;
  enumerator_class->next = incident_http_addresses_next;
  enumerator_class->next_async = incident_http_addresses_next_async;
  enumerator_class->next_finish = incident_http_addresses_next_finish;
}

static void
incident_http_addresses_init (IncidentHttpAddresses *self)
{
}

/* The host */

#define INCIDENT_TYPE_HTTP_ADDRESS (incident_http_address_get_type ())
G_DECLARE_FINAL_TYPE (IncidentHttpAddress, incident_http_address, INCIDENT, HTTP_ADDRESS, GNetworkAddress)

struct _IncidentHttpAddress
{
  GNetworkAddress parent_instance;

  gboolean may_be_near;
};

static void incident_http_address_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentHttpAddress, incident_http_address, G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE, incident_http_address_connectable_init))

/* A network address remembers what it has found for ever: each connection asks a new one. */
static GSocketAddressEnumerator *
incident_http_address_enumerate (GSocketConnectable *connectable)
{
  IncidentHttpAddress *self = INCIDENT_HTTP_ADDRESS (connectable);
  GNetworkAddress *address = G_NETWORK_ADDRESS (connectable);
  g_autoptr(GSocketConnectable) fresh = g_network_address_new (g_network_address_get_hostname (address),
                                                               g_network_address_get_port (address));
  IncidentHttpAddresses *addresses = g_object_new (INCIDENT_TYPE_HTTP_ADDRESSES, NULL);

  addresses->found = g_socket_connectable_enumerate (fresh);
  addresses->may_be_near = self->may_be_near;
  return G_SOCKET_ADDRESS_ENUMERATOR (addresses);
}

/* Both: no proxy connects in our place to what we have not judged. */
static void
incident_http_address_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = incident_http_address_enumerate;
  iface->proxy_enumerate = incident_http_address_enumerate;
}

static void
incident_http_address_class_init (IncidentHttpAddressClass *klass)
{
}

static void
incident_http_address_init (IncidentHttpAddress *self)
{
}

GSocketConnectable *
incident_http_address_new (const char *host,
                           guint16     port,
                           gboolean    may_be_near)
{
  IncidentHttpAddress *self = g_object_new (INCIDENT_TYPE_HTTP_ADDRESS, "hostname", host, "port", (guint) port, NULL);

  self->may_be_near = may_be_near;
  return G_SOCKET_CONNECTABLE (self);
}
