/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-reader-private.h"

G_BEGIN_DECLS

/* A JSON document as a tree whose every value knows its place, for documents that
 * people write: all that is wrong in them can be told at once, with line and
 * column, after they were read. Hot paths read with the reader alone. */

typedef struct _IncidentTree IncidentTree;
typedef struct _IncidentNode IncidentNode;

struct _IncidentNode
{
  IncidentJsonType  type;
  IncidentTree     *tree;      /* lent: whose text it stands in */
  const char       *at;        /* where, in that text */
  gsize             offset;    /* likewise, in bytes from its beginning */
  gsize             length;    /* of what is written there */
  IncidentNode     *parent;    /* NULL: the whole document */
  const char       *name;      /* as a member of an object; else NULL */
  guint             position;  /* as an element of an array */
  GPtrArray        *children;  /* (element-type IncidentNode) of containers */
  union
  {
    const char *string;
    gint64      integer;
    double      number;
    gboolean    boolean;
  } value;
};

/* NULL with INCIDENT_ERROR_INVALID: it is not JSON. */
IncidentTree *incident_tree_new            (const char    *json,
                                            gsize          length,
                                            const char    *source,
                                            GError       **error);
/* The same for what machines send: a value that is no text (half a surrogate pair, NUL), or
 * an object with a name that is none, becomes a node of the type INCIDENT_JSON_NONE. */
IncidentTree *incident_tree_new_tolerant   (const char    *json,
                                            gsize          length,
                                            const char    *source,
                                            GError       **error);
/* The same, with the first element of each array alone: to see what a document is. */
IncidentTree *incident_tree_new_sketch     (const char    *json,
                                            gsize          length,
                                            const char    *source,
                                            const IncidentJsonLimits *limits,
                                            GError       **error);
void          incident_tree_free           (IncidentTree  *self);
IncidentNode *incident_tree_get_root       (IncidentTree  *self);
/* Makes one document of @self and the one given (transfer full): what both are
 * objects of is joined, what both say is a problem. */
void          incident_tree_merge          (IncidentTree  *self,
                                            IncidentTree  *other,
                                            GPtrArray     *problems);

/* NULL where there is none, or @self (nullable) is no object. */
IncidentNode *incident_node_get_member     (IncidentNode  *self,
                                            const char    *name);
/* Of a member that is a string; else NULL. */
const char   *incident_node_get_string     (IncidentNode  *self,
                                            const char    *name);
gboolean      incident_node_get_boolean    (IncidentNode  *self,
                                            const char    *name);
guint         incident_node_get_length     (IncidentNode  *self);
/* NULL behind the last one. */
IncidentNode *incident_node_get_child      (IncidentNode  *self,
                                            guint          position);
/* RFC 6901 */
char         *incident_node_dup_pointer    (IncidentNode  *self);
/* By a JSON pointer (RFC 6901) from @self; NULL where there is none, or @pointer is no pointer. */
IncidentNode *incident_node_resolve        (IncidentNode  *self,
                                            const char    *pointer);
gboolean      incident_pointer_is_valid    (const char    *pointer);
/* FALSE with INCIDENT_ERROR_INVALID at the node. */
gboolean      incident_node_fail           (IncidentNode  *self,
                                            GError       **error,
                                            const char    *format,
                                            ...) G_GNUC_PRINTF (3, 4);
/* FALSE with “must be a string, not null” at the node. */
gboolean      incident_node_fail_type      (IncidentNode  *self,
                                            IncidentJsonType wanted,
                                            GError       **error);
/* The same value gives the same text, whatever its order and blanks were. */
char         *incident_node_to_json        (IncidentNode  *self,
                                            gboolean       pretty);

/* @problems (element-type GError) are kept in the order in which they were found. */
GPtrArray    *incident_problems_new        (void);
void          incident_problems_add        (GPtrArray     *problems,
                                            IncidentNode  *where,
                                            const char    *format,
                                            ...) G_GNUC_PRINTF (3, 4);
/* One error that tells all; FALSE if there are any. */
gboolean      incident_problems_end        (GPtrArray     *problems,
                                            GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentTree, incident_tree_free)

G_END_DECLS
