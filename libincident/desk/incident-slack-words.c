/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-words-private.h"

#include <string.h>

#include "base/incident-error-private.h"

#define CLASSES " severity impact urgency service category "

/* The words of the command line, where they are wanted in a chat. */
static const IncidentSlackVerb verbs[] = {
  { "open", "open", { "title" }, 1, CLASSES, "TITLE [--severity sev2] [--service NAME]", "open a case" },
  { "show", NULL, { NULL }, 0, "", "", "tell where the case stands" },
  { "next", NULL, { NULL }, 0, "", "", "tell what may be done now" },
  { "list", NULL, { NULL }, 0, "", "", "list the open cases" },
  { "note", "note", { "text" }, 1, "", "TEXT", "write something down" },
  { "diagnose", "diagnose", { "text" }, 0, "", "[TEXT]", "record a finding" },
  { "escalate", "escalate", { "text" }, 0, " to hierarchical ", "--to TARGET TEXT", "ask for help, and say why" },
  { "examine", "examine", { "text" }, 0, "", "TEXT", "record what a responder found" },
  { "resolve", "resolve", { "text" }, 0, "", "TEXT", "record the solution" },
  { "recover", "recover", { "text" }, 0, "", "TEXT", "record how we know that it is over" },
  { "close", "close", { "text" }, 0, "", "[TEXT]", "close a case that has recovered" },
  { "cancel", "cancel", { "text" }, 0, "", "TEXT", "end a case that is none" },
  { "reopen", "reopen", { "text" }, 0, "", "TEXT", "begin a new episode" },
  { "ack", "acknowledge", { NULL }, 0, "", "", "say that you are on it" },
  { "take", "assign", { "role" }, 1, " why ", "ROLE", "take a role yourself" },
  { "assign", "assign", { "role", "person" }, 2, " why ", "ROLE PERSON", "give somebody a role" },
  { "release", "release", { "role", "person" }, 1, "", "ROLE [PERSON]", "take a role back" },
  { "handoff", "handoff", { "role", "person", "text" }, 2, " due ", "ROLE PERSON [TEXT]", "offer a role to somebody" },
  { "accept", "accept", { "role" }, 1, "", "ROLE", "take a role that was offered to you" },
  { "decline", "decline", { "role", "text" }, 1, "", "ROLE [TEXT]", "decline a role that was offered to you" },
  { "take-command", "take-command", { "text" }, 0, "", "TEXT", "take command from who cannot be reached" },
  { "classify", "classify", { "severity" }, 0, CLASSES " major why ", "sev2 [--impact high] …", "set severity, impact, urgency, service" },
  { "prioritise", "prioritise", { "priority", "text" }, 1, "", "p2 TEXT", "set the priority by hand" },
  { "affect", "affect", { "service" }, 1, "", "SERVICE", "name a further service that is hit" },
  { "update", "update", { "text" }, 1, " audience due ", "[--audience customer] [--due 30m] TEXT", "tell how it stands" },
  { "approve", "approve", { "event" }, 1, "", "N", "let an update go out that was proposed" },
  { "message", "message", { "text" }, 1, " audience ", "TEXT", "say something to all channels of the case" },
  { "decide", "decide", { "text" }, 1, " objections ", "TEXT", "record a decision" },
  { "suppose", "suppose", { "text" }, 1, "", "TEXT", "state a hypothesis" },
  { "judge", "judge", { "hypothesis", "state", "text" }, 2, "", "N STATE TEXT", "judge a hypothesis by evidence" },
  { "record", "record", { "field", "text" }, 2, "", "FIELD TEXT", "fill in a field of the record" },
  { "measure", "measure", { "measure", "amount", "text" }, 2, " unit certainty ", "MEASURE AMOUNT", "record what was lost" },
  { "link", "link", { "kind", "case" }, 2, "", "KIND ID", "link another case" },
  { "unlink", "unlink", { "kind", "case" }, 2, "", "KIND ID", "take a link back" },
  { "merge", "merge", { "case", "text" }, 1, "", "ID [TEXT]", "go on in another case" },
  { "correct", "correct", { "event", "text" }, 2, "", "N TEXT", "correct what event N says" },
  { "task add", "add-task", { "title" }, 1, " person role due must-do after kind ", "TITLE [--person NAME]", "add a task" },
  { "task start", "start-task", { "task", "text" }, 1, "", "N", "begin a task" },
  { "task done", "finish-task", { "task", "text" }, 1, "", "N [TEXT]", "finish a task" },
  { "task skip", "skip-task", { "task", "text" }, 1, "", "N TEXT", "skip a task, and say why" },
  { "task reopen", "reopen-task", { "task", "text" }, 1, "", "N", "go on with a task after all" },
  { "task hand", "hand-task", { "task", "person" }, 2, "", "N PERSON", "hand a task on" },
  { "task checklist", "add-checklist", { "checklist" }, 1, "", "NAME", "add the tasks of a checklist" },
  { "help", NULL, { NULL }, 0, "", "[VERB]", "tell what can be said here" },
};

static const struct
{
  const char *option;
  const char *argument;
  const char *value;    /* of one that takes none */
} options[] = {
  { "to", "target", NULL },
  { "why", "text", NULL },
  { "major", "major", "yes" },
  { "must-do", "must-do", "yes" },
  { "hierarchical", "escalation", "hierarchical" },
};

/* Quotation marks: those of keyboards, and what telephones make of them. */
static const struct
{
  const char *open;
  const char *close[3];
} quotes[] = {
  { "\"", { "\"", "”", "“" } },
  { "“", { "”", "“", "\"" } },
  { "„", { "“", "”", "\"" } },
  { "'", { "'", "’", NULL } },
  { "‘", { "’", "'", NULL } },
  { "«", { "»", NULL, NULL } },
};

static void
word_clear (gpointer word)
{
  g_free (((IncidentSlackWord *) word)->value);
}

static const char *
skip_blanks (const char *at)
{
  while (*at != '\0' && g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

static gboolean
is_end (const char *at)
{
  return *at == '\0' || g_unichar_isspace (g_utf8_get_char (at));
}

/* A mark counts where a word begins, and closes where one ends: “it's” is a word. */
static const char *
find_close (const char         *at,
            const char * const  marks[3],
            gsize              *length)
{
  for (; *at != '\0'; at = g_utf8_next_char (at))
    for (guint i = 0; i < 3 && marks[i] != NULL; i++)
      if (g_str_has_prefix (at, marks[i]) && is_end (at + strlen (marks[i])))
        {
          *length = strlen (marks[i]);
          return at;
        }

  return NULL;
}

static gboolean
read_quoted (const char        *at,
             IncidentSlackWord *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      gsize open = strlen (quotes[i].open);
      gsize close = 0;
      const char *end = g_str_has_prefix (at, quotes[i].open) ? find_close (at + open, quotes[i].close, &close) : NULL;

      if (end == NULL)
        continue;
      word->start = at;
      word->end = end + close;
      word->value = g_strndup (at + open, (gsize) (end - at) - open);
      return TRUE;
    }

  return FALSE;
}

GArray *
incident_slack_words_split (const char *text)
{
  GArray *words = g_array_new (FALSE, TRUE, sizeof (IncidentSlackWord));
  const char *at = skip_blanks (text);

  g_array_set_clear_func (words, word_clear);
  while (*at != '\0')
    {
      IncidentSlackWord word = { at, at, NULL };

      if (!read_quoted (at, &word))
        {
          while (!is_end (word.end))
            word.end = g_utf8_next_char (word.end);
          word.value = g_strndup (at, (gsize) (word.end - at));
        }
      g_array_append_val (words, word);
      at = skip_blanks (word.end);
    }

  return words;
}

const char *
incident_slack_words_get (GArray *words,
                          guint   position)
{
  return position < words->len ? g_array_index (words, IncidentSlackWord, position).value : NULL;
}

/* Words that an option stood between are joined by a blank; otherwise it is what was typed, with its lines. */
char *
incident_slack_words_dup_rest (GArray *words,
                               guint   position)
{
  GString *rest;

  if (position >= words->len)
    return NULL;
  if (position + 1 == words->len)
    return g_strdup (incident_slack_words_get (words, position));

  rest = g_string_new (NULL);
  for (guint i = position; i < words->len; i++)
    {
      const IncidentSlackWord *word = &g_array_index (words, IncidentSlackWord, i);
      const IncidentSlackWord *next = i + 1 < words->len ? word + 1 : NULL;

      g_string_append_len (rest, word->start, word->end - word->start);
      if (next != NULL && skip_blanks (word->end) == next->start)
        g_string_append_len (rest, word->end, next->start - word->end);
      else if (next != NULL)
        g_string_append_c (rest, ' ');
    }

  return g_string_free (rest, FALSE);
}

/* “--to”; telephones make a dash of the two. */
static const char *
peek_option (const IncidentSlackWord *word)
{
  static const char * const dashes[] = { "--", "—", "–" };

  for (guint i = 0; i < G_N_ELEMENTS (dashes); i++)
    if (g_str_has_prefix (word->start, dashes[i]) && g_ascii_islower (word->start[strlen (dashes[i])]))
      return word->value + strlen (dashes[i]);

  return NULL;
}

static gboolean
takes_option (const IncidentSlackVerb *verb,
              const char              *name)
{
  g_autofree char *within = g_strdup_printf (" %s ", name);

  return strstr (verb->options, within) != NULL;
}

static gboolean
fail_option (GError                 **error,
             const IncidentSlackVerb *verb,
             const char              *name,
             const char              *format)
{
  g_autofree char *all = g_strstrip (g_strdup (verb->options));
  g_auto(GStrv) known = g_strsplit (all, " ", -1);
  g_autoptr(GString) listed = g_string_new (NULL);

  for (guint i = 0; known[i] != NULL; i++)
    if (*known[i] != '\0')
      g_string_append_printf (listed, "%s--%s", listed->len > 0 ? ", " : "", known[i]);
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, name, "“%s” %s“--%s”%s%s", verb->word, format, name,
                         listed->len > 0 ? ": there are " : "", listed->str);
  return FALSE;
}

/* Other dashes belong to the text, but for a verb without one they are a mistake. */
static gboolean
takes_text (const IncidentSlackVerb *verb)
{
  for (guint i = 0; i < G_N_ELEMENTS (verb->places) && verb->places[i] != NULL; i++)
    if (g_str_equal (verb->places[i], "text") || g_str_equal (verb->places[i], "title"))
      return TRUE;

  return FALSE;
}

GHashTable *
incident_slack_words_take_options (GArray                   *words,
                                   const IncidentSlackVerb  *verb,
                                   guint                     position,
                                   GError                  **error)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint i = position;

  while (i < words->len)
    {
      const char *option = peek_option (&g_array_index (words, IncidentSlackWord, i));
      g_autofree char *name = g_strdup (option != NULL ? option : "");
      const char *value = NULL;

      if (option == NULL || (!takes_option (verb, name) && takes_text (verb)))
        {
          i++;
          continue;
        }
      if (!takes_option (verb, name))
        {
          fail_option (error, verb, name, "takes no ");
          return NULL;
        }
      incident_slack_option_get_argument (name, &value);
      if (value == NULL && i + 1 >= words->len)
        {
          fail_option (error, verb, name, "misses what follows ");
          return NULL;
        }
      g_hash_table_replace (taken, g_strdup (name), g_strdup (value != NULL ? value : incident_slack_words_get (words, i + 1)));
      g_array_remove_range (words, i, value != NULL ? 1 : 2);
    }

  return g_steal_pointer (&taken);
}

const char *
incident_slack_option_get_argument (const char  *option,
                                    const char **value)
{
  *value = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].option, option))
      {
        *value = options[i].value;
        return options[i].argument;
      }

  return option;
}

static const IncidentSlackVerb *
find_by_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_ascii_strcasecmp (verbs[i].word, name) == 0)
      return &verbs[i];

  return NULL;
}

const IncidentSlackVerb *
incident_slack_verb_find (GArray *words,
                          guint   position,
                          guint  *n_words)
{
  const char *first = incident_slack_words_get (words, position);
  const char *second = incident_slack_words_get (words, position + 1);
  g_autofree char *both = second != NULL ? g_strdup_printf ("%s %s", first, second) : NULL;
  const IncidentSlackVerb *found = both != NULL ? find_by_name (both) : NULL;

  *n_words = found != NULL ? 2 : 1;
  return found != NULL || first == NULL ? found : find_by_name (first);
}

char *
incident_slack_verbs_describe (const char *word)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (word == NULL || g_str_equal (verbs[i].word, word)
        || (g_str_has_prefix (verbs[i].word, word) && verbs[i].word[strlen (word)] == ' '))
      g_string_append_printf (text, "%s/incident %s%s%s%s – %s", text->len > 0 ? "\n" : "",
                              verbs[i].verb != NULL && !g_str_equal (verbs[i].verb, "open") ? "[ID] " : "", verbs[i].word,
                              *verbs[i].usage != '\0' ? " " : "", verbs[i].usage, verbs[i].summary);

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
