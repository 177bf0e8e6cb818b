# SPDX-License-Identifier: LGPL-2.1-or-later
"""What reads better in Python than what introspection alone gives.

Attributes for getters, aware datetimes for microseconds, keywords for command
arguments, generators for pages, and an exception class for each error code.
"""
import array
import datetime
import functools
import json
import os
import re
import warnings

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import Gio, GLib, GObject

Incident = get_introspection_module("Incident")
__all__ = []

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)
_EVENTS_PER_PAGE = 500
_DOMAIN = GLib.quark_to_string(Incident.error_quark())
# “close” refused: wrong-phase: …; not-permitted: …
_REFUSED = "” refused: "
_GUARD_CODE = re.compile(r"(?:^|; )([a-z]+(?:-[a-z]+)*): ")
_QUOTED = re.compile("“[^”]*”")


# Exceptions

class IncidentError(GLib.Error):
    """The base of all errors of the library's own rules and of its stores.

    `code` is a member of `Incident.Error`, `nick` its name in JSON and on the
    command line, and `message` says what is wrong.
    """

    _code = Incident.Error.FAILED

    def __init__(self, message):
        super().__init__(message, _DOMAIN, int(self._code))

    nick = property(lambda self: self._code.value_nick)

    def copy(self):
        return type(self)(self.message)

    def __str__(self):
        return self.message

    def __repr__(self):
        return f"Incident.{type(self).__name__}({self.message!r})"


class Invalid(IncidentError, ValueError):
    """What was given breaks a rule of form: mend it and try again."""
    _code = Incident.Error.INVALID


class Refused(IncidentError):
    """A guard said no, and nothing has changed.

    The message names each guard and what would satisfy it.
    """
    _code = Incident.Error.REFUSED
    codes = property(lambda self: _GUARD_CODE.findall(_QUOTED.sub("“”", self.message.partition(_REFUSED)[2])),
                     doc="The code of each guard that said no, such as `wrong-phase`.")


class NotFound(IncidentError, LookupError):
    """There is no such case."""
    _code = Incident.Error.NOT_FOUND


# These add nothing but a name to catch them by.
for _code, _doc in (
    (Incident.Error.CONFLICT, "Somebody else wrote first: look again and try again."),
    (Incident.Error.BUSY, "Another process held the store for too long: try again."),
    (Incident.Error.NO_SPACE, "The disk is full; the store is whole and can be read."),
    (Incident.Error.READ_ONLY, "The store can be read but not written."),
    (Incident.Error.NOT_A_STORE, "The file is something else."),
    (Incident.Error.TOO_NEW, "A newer version of the library wrote the store."),
    (Incident.Error.CORRUPT, "The store is damaged: restore a backup."),
    (Incident.Error.COMMIT_UNKNOWN, "Nobody can tell whether it was recorded: ask again with the same operation."),
    (Incident.Error.FORKED, "The process was forked after the store was opened: open it anew."),
    (Incident.Error.FAILED, "The store failed in another way, named in the message."),
):
    _name = _code.value_nick.title().replace("-", "")
    globals()[_name] = type(_name, (IncidentError,), {"__doc__": _doc, "__module__": __name__, "_code": _code})

_EXCEPTIONS = {int(cls._code): cls for cls in IncidentError.__subclasses__()}
__all__ += ["IncidentError"] + [cls.__name__ for cls in _EXCEPTIONS.values()]


def _specific(error):
    """The exception for an error of ours; a code of a later version is an IncidentError."""
    if error is None or isinstance(error, IncidentError) or error.domain != _DOMAIN:
        return error
    specific = _EXCEPTIONS.get(error.code, IncidentError)(error.message)
    specific.code = error.code
    return specific


def _raising(function):
    @functools.wraps(function)
    def call(*arguments, **keywords):
        try:
            return function(*arguments, **keywords)
        except GLib.Error as error:
            raise _specific(error) from None
    return call


# Whatever may fail, in the namespace and in its types, raises the exceptions above.
for _name in [name for name in dir(Incident) if not name.startswith("_")]:
    _item = getattr(Incident, _name)
    if hasattr(_item, "can_throw_gerror") and _item.can_throw_gerror():
        globals()[_name] = _raising(_item)
        __all__.append(_name)
    for _info in getattr(getattr(_item, "__info__", None), "get_methods", tuple)():
        if _info.can_throw_gerror():
            _call = _raising(getattr(_item, _info.__name__))
            setattr(_item, _info.__name__, _call if _info.is_method() else staticmethod(_call))

for _enum in (Incident.Severity, Incident.Level, Incident.Priority, Incident.ReportKind, Incident.Error,
              Incident.Verification, Incident.AlertStatus, Incident.SilenceState, Incident.MessageKind,
              Incident.MessageState, Incident.Outcome, Incident.OverrideKind, Incident.OverrideState, Incident.PageReason):
    _enum.__str__ = lambda self: self.value_nick

_parse_matchers = Incident.Matcher.parse


# Values

def _to_datetime(microseconds):
    return None if microseconds == Incident.TIME_NONE else _EPOCH + datetime.timedelta(microseconds=microseconds)


def _from_datetime(time):
    if time is None:
        return Incident.TIME_NONE
    if time.utcoffset() is None:
        raise ValueError("the time needs a zone, as in datetime.now(timezone.utc)")
    return (time - _EPOCH) // _MICROSECOND


def _to_word(value):
    """Text for C, which would silently end it at a NUL."""
    if isinstance(value, GObject.GEnum):
        return value.value_nick if value else None
    if isinstance(value, Incident.Case):
        return value.get_id()
    if not isinstance(value, (str, type(None))):
        raise TypeError(f"a string or a member of an enumeration is wanted, not {value!r}")
    if value is not None and "\0" in value:
        raise Invalid("Text cannot hold the character NUL")
    return value


_NUMBERS = {"task", "after", "hypothesis", "event", "amount"}
_FLAGS = {"major", "must_do"}


def _to_argument(name, value):
    """An argument of a command: numbers, times, durations and flags as the library writes them."""
    if name in _FLAGS and isinstance(value, bool):
        return "yes" if value else None
    if name in _NUMBERS and isinstance(value, (int, float)):
        return str(value)
    if name == "due" and isinstance(value, datetime.datetime):
        return Incident.time_to_string(_from_datetime(value))
    if name == "due" and isinstance(value, datetime.timedelta):
        return f"{max(1, -(-value // datetime.timedelta(minutes=1)))}m"
    if name in _NUMBERS and isinstance(value, (list, tuple)):
        return ",".join(str(item) for item in value)
    return _to_word(value)


_UNITS = (("d", datetime.timedelta(days=1)), ("h", datetime.timedelta(hours=1)), ("m", datetime.timedelta(minutes=1)))


def _to_duration(duration):
    """A timedelta as the library writes it, in the greatest unit that tells it whole."""
    for unit, length in _UNITS:
        if not duration % length:
            return f"{duration // length}{unit}"
    return f"{-(-duration // datetime.timedelta(seconds=1))}s"


def _to_offset(duration):
    return f"-{_to_duration(-duration)}" if duration < datetime.timedelta(0) else f"+{_to_duration(duration)}"


def _to_scenario(value, name=None):
    """What json.dumps takes: times, durations and cases as the library writes them."""
    if isinstance(value, dict):
        return {key: _to_scenario(item, key) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_scenario(item) for item in value]
    if isinstance(value, datetime.datetime):
        return Incident.time_to_string(_from_datetime(value))
    if isinstance(value, datetime.timedelta):
        return _to_offset(value) if name in ("at", "clock") else _to_duration(value)
    return _to_word(value)


def _to_bytes(text):
    return text.encode() if isinstance(text, str) else text


def _to_span(from_, until):
    """Two times in their order."""
    span = _from_datetime(from_), _from_datetime(until)
    if None in (from_, until) or span[0] > span[1]:
        raise ValueError("a time from which and one until which are wanted, in this order")
    return span


def _time(getter, doc):
    return property(lambda self: _to_datetime(getter(self)), doc=doc)


def _to_dict(self):
    """What to_json() writes, read again."""
    return json.loads(self.to_json())


def _from_json(cls, text, source=None):
    """Reads what to_json() writes."""
    return cls.new_from_json(_to_bytes(text), source)


def _not_made_here(self, *arguments, **keywords):
    raise TypeError(f"{type(self).__name__} objects come from a desk")


def _made_in_new(self, *arguments, **keywords): pass


class Command(Incident.Command):
    """Something to be done to a case: `Command("resolve", "bo", text="rolled back")`."""

    def __new__(cls, verb, actor, *, at=None, seen=None, operation=None, **arguments):
        if isinstance(actor, Incident.Actor):
            self = Incident.Command.new_for(_to_word(verb), actor)
        else:
            self = Incident.Command.new(_to_word(verb), _to_word(actor))
        for name, value in arguments.items():
            self.set(name.replace("_", "-"), _to_argument(name, value))
        self.set_occurred_at(_from_datetime(at))
        if seen is not None:
            self.set_seen(seen)
        if operation is not None:
            self.set_operation(_to_word(operation))
        return self

    __init__ = _made_in_new

    verb = property(Incident.Command.get_verb, doc="What to do.")
    actor = property(Incident.Command.get_actor, doc="Who does it.")

    def __repr__(self):
        return f"<Incident.Command {self.verb} by {self.actor}>"


class Actor(Incident.Actor):
    """Somebody, and how it is known that it is they: `Actor("ana", Incident.Verification.SIGNATURE, "slack")`."""

    def __new__(cls, id, verification=Incident.Verification.ASSERTED, provider=None):
        return Incident.Actor.new(_to_word(id), verification, _to_word(provider))

    __init__ = _made_in_new

    id = property(Incident.Actor.get_id, doc="The name under which the playbook knows them.")
    verification = property(Incident.Actor.get_verification, doc="How that is known.")
    provider = property(Incident.Actor.get_provider, doc="Who checked it, or None.")

    def __repr__(self):
        return f"<Incident.Actor {self.id} by {self.verification}>"


class Matcher(Incident.Matcher):
    """A condition on one label of an alert: `Matcher("team", "=", "payments")`."""

    def __new__(cls, name, operator, value):
        return Incident.Matcher.new(name, operator, value)

    __init__ = _made_in_new

    @staticmethod
    def parse(text):
        """The matchers of a text, as in `Matcher.parse('{team="payments",severity=~"critical|error"}')`.

        Warns (UserWarning) where the two grammars of Alertmanager differ on it.
        """
        matchers, warning = _parse_matchers(text)
        if warning is not None:
            warnings.warn(warning, stacklevel=2)
        return matchers

    name = property(Incident.Matcher.get_name, doc="Which label it is about.")
    operator = property(Incident.Matcher.get_operator, doc="`=`, `!=`, `=~` or `!~`.")
    value = property(Incident.Matcher.get_value, doc="What the label's value is compared with.")

    def __eq__(self, other):
        if not isinstance(other, Incident.Matcher):
            return NotImplemented
        return (self.name, self.operator, self.value) == (other.name, other.operator, other.value)

    def __hash__(self):
        return hash((self.name, self.operator, self.value))

    def __str__(self):
        return self.to_string()

    def __repr__(self):
        return f"<Incident.Matcher {self}>"


class Query(Incident.Query):
    """Which cases to look for, a page at a time."""

    def __new__(cls, *, open=False, phase=None, service=None, since=None, before=0, limit=100):
        if not 1 <= limit <= 1000:
            raise ValueError("a page has 1 to 1000 cases")
        self = Incident.Query.new()
        self.set_open_only(open)
        self.set_phase(_to_word(phase))
        self.set_service(_to_word(service))
        self.set_since(_from_datetime(since))
        self.set_before(before)
        self.set_limit(limit)
        return self

    __init__ = _made_in_new


class Assignment(Incident.Assignment):
    role = property(Incident.Assignment.get_role, doc="What the person is, such as `commander`.")
    person = property(Incident.Assignment.get_person, doc="Who.")
    assigned_by = property(Incident.Assignment.get_assigned_by, doc="Who said so.")
    since = _time(Incident.Assignment.get_since, "From when.")
    until = _time(Incident.Assignment.get_until, "Until when, or None while it lasts.")

    def __repr__(self):
        return f"<Incident.Assignment {self.role} {self.person}>"


class Option(Incident.Option):
    """Something that may happen next, or why it may not; true if it may."""
    verb = property(Incident.Option.get_verb, doc="What may be done.")
    to = property(Incident.Option.get_to, doc="The phase it leads to, or None if the phase stays.")
    allowed = property(Incident.Option.get_allowed, doc="Whether no guard is against it.")
    codes = property(Incident.Option.get_codes, doc="The code of each guard that is against it.")
    why = property(Incident.Option.get_why, doc="For each of these, what would satisfy it.")
    needs = property(Incident.Option.get_needs, doc="The arguments that the command must bring.")

    to_dict = _to_dict

    def __bool__(self):
        return self.allowed

    def __repr__(self):
        return f"<Incident.Option {self.verb}: {'allowed' if self else ', '.join(self.codes)}>"


class Receipt(Incident.Receipt):
    """What became of one alert of a message."""
    alert = property(Incident.Receipt.get_alert, doc="The key of the alert.")
    case_number = property(lambda self: self.get_case_number() or None, doc="The case it went to, or None.")
    outcome = property(Incident.Receipt.get_outcome, doc="What was done with it, in one word.")
    why = property(Incident.Receipt.get_why, doc="Why, for people.")

    error = property(lambda self: _specific(self.get_error()), doc="The exception that tells what is wrong, or None.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Receipt {self.outcome}{f' INC-{self.case_number}' if self.case_number else ''}>"


class Alert(Incident.Alert):
    """What a monitoring system says of one thing that is wrong."""
    key = property(Incident.Alert.get_episode_key, doc="Which occurrence of it this is.")
    dedup_key = property(Incident.Alert.get_dedup_key, doc="The thing that is wrong.")
    source = property(Incident.Alert.get_source, doc="Who says so.")
    name = property(Incident.Alert.get_name, doc="Which kind of alert it is.")
    summary = property(Incident.Alert.get_summary, doc="What is wrong, in a sentence, or None.")
    status = property(Incident.Alert.get_status, doc="How it stands.")
    severity = property(Incident.Alert.get_severity, doc="How bad it is, in the sender's word, or None.")
    link = property(Incident.Alert.get_link, doc="Where to look, or None.")
    labels = property(Incident.Alert.dup_labels, doc="What it is about.")
    annotations = property(Incident.Alert.dup_annotations, doc="What describes it to people.")
    starts_at = _time(Incident.Alert.get_starts_at, "Since when, or None if it was not told.")
    ends_at = _time(Incident.Alert.get_ends_at, "Until when, or None.")
    case_number = property(lambda self: self.get_case_number() or None, doc="The case it is in, or None.")
    why = property(Incident.Alert.get_why, doc="Why nobody was told of it, or None.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Alert {self.name} {self.status}>"


class Silence(Incident.Silence):
    """Alerts of which people want to hear nothing for a while.

    `Silence('{team="a"}', until=tomorrow, reason="moving house")`; several lists of
    matchers stand in a list, and any of them is enough.
    """

    def __new__(cls, matchers, *, until, reason, start=None, interval=None):
        lists = [matchers] if isinstance(matchers, str) else list(matchers)
        self = Incident.Silence.new([_to_word(item) for item in lists], _from_datetime(start), _from_datetime(until),
                                    _to_word(reason))
        return self if interval is None else self.with_interval(_to_word(interval))

    __init__ = _made_in_new

    id = property(lambda self: self.get_id() or None, doc="By which number its desk knows it, or None.")
    matchers = property(Incident.Silence.dup_matchers, doc="Its lists of matchers, any of which is enough.")
    starts_at = _time(Incident.Silence.get_starts_at, "From when, or None for when it is added.")
    ends_at = _time(Incident.Silence.get_ends_at, "Until when.")
    interval = property(Incident.Silence.get_interval, doc="The interval within which it mutes, or None.")
    owner = property(Incident.Silence.get_owner, doc="Who made it, or None.")
    reason = property(Incident.Silence.get_reason, doc="Why.")
    warnings = property(Incident.Silence.dup_warnings, doc="What may not be meant by it.")

    @classmethod
    def from_json(cls, text, source=None):
        """Reads text, bytes, or what json.loads makes of it: ours or Alertmanager's."""
        text = text if isinstance(text, (str, bytes)) else json.dumps(text)
        return Incident.Silence.new_from_json(_to_bytes(text), _to_word(source))

    def state(self, at):
        """How it stands at a time."""
        return self.get_state(_from_datetime(at))

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Silence {self.id or 'new'} {' '.join(self.matchers)}>"


class Routing(Incident.Routing):
    """Where an alert with certain labels would go."""
    routes = property(Incident.Routing.dup_routes, doc="The routes that take it.")
    group = property(Incident.Routing.get_group, doc="The key of its group, or None.")
    group_labels = property(Incident.Routing.dup_group_labels, doc="The labels that make the group.")
    service = property(Incident.Routing.get_service, doc="The service of a case, or None.")
    team = property(Incident.Routing.get_team, doc="The team of a case, or None.")
    category = property(Incident.Routing.get_category, doc="The category of a case, or None.")
    policy = property(Incident.Routing.get_policy, doc="The escalation policy, or None.")
    severity = property(Incident.Routing.get_severity, doc="How severe a case would be.")
    case_number = property(lambda self: self.get_case_number() or None, doc="The case it would join, or None.")
    mutes = property(Incident.Routing.dup_mutes, doc="All that would mute it.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Routing {' '.join(self.routes)}{' muted' if self.mutes else ''}>"


class Shift(Incident.Shift):
    """A part of a schedule with the same people throughout, or with nobody; true if somebody is on call."""
    __init__ = _not_made_here

    from_ = _time(Incident.Shift.get_from, "When it begins.")
    until = _time(Incident.Shift.get_until, "When it ends.")
    people = property(Incident.Shift.get_people, doc="Who is on call; empty where nobody is.")
    layer = property(Incident.Shift.get_layer, doc="The layer that put them there, or None.")
    override = property(lambda self: self.get_override() or None, doc="The id of the override that did, or None.")
    wanted_gap = property(Incident.Shift.get_wanted_gap, doc="Whether nobody is meant to be on call.")

    to_dict = _to_dict

    def __bool__(self):
        return self.get_covered()

    def __repr__(self):
        return f"<Incident.Shift {self.from_:%Y-%m-%d %H:%M} {'+'.join(self.people) or 'nobody'}>"


class Schedule(Incident.Schedule):
    """Who is on call when, as it was known when it was asked for."""
    __init__ = _not_made_here

    name = property(Incident.Schedule.get_name, doc="What the playbook calls it.")
    title = property(Incident.Schedule.get_title, doc="What people call it.")
    zone = property(Incident.Schedule.get_zone, doc="By whose clocks it goes: an IANA name.")

    def on_call(self, at):
        """Who is, or was, on call at a moment: a list of names."""
        return self.dup_on_call(_from_datetime(at))

    def shifts(self, from_, until):
        """The shifts from one moment to another, without a gap between them."""
        return self.list_shifts(*_to_span(from_, until))

    def to_icalendar(self, from_, until):
        """The shifts as a calendar that other programs read."""
        return super().to_icalendar(*_to_span(from_, until))

    def to_svg(self, from_, until):
        """The shifts as a picture."""
        return super().to_svg(*_to_span(from_, until))

    def to_text(self, from_, until, columns=80):
        """The shifts for a terminal."""
        return super().to_text(*_to_span(from_, until), columns)

    def __repr__(self):
        return f"<Incident.Schedule {self.name}>"


class Override(Incident.Override):
    """How somebody changed a schedule on single days: see Desk.override()."""

    id = property(lambda self: self.get_id() or None, doc="By which number its desk knows it, or None.")
    schedule = property(Incident.Override.get_schedule, doc="The schedule that is changed.")
    kind = property(Incident.Override.get_kind, doc="An Incident.OverrideKind.")
    state = property(Incident.Override.get_state, doc="An Incident.OverrideState: how it stood when it was read.")
    person = property(Incident.Override.get_person, doc="Whom it is about, or None.")
    substitute = property(Incident.Override.get_substitute, doc="Who stands for them, or None.")
    from_ = _time(Incident.Override.get_from, "When it begins, or None for when it is added.")
    until = _time(Incident.Override.get_until, "When it ends.")
    actor = property(Incident.Override.get_actor, doc="Who made it, or None.")
    text = property(Incident.Override.get_text, doc="Why, or None.")

    def __new__(cls, schedule, kind, person=None, substitute=None, *, until, from_=None, text=None, shifts=()):
        if isinstance(kind, str):
            kind = Incident.OverrideKind.from_string(kind)[1]
        self = Incident.Override.new(_to_word(schedule), kind, _to_word(person), _to_word(substitute), _from_datetime(from_),
                                     _from_datetime(until), _to_word(text))
        for who, begin, end in shifts:
            self.add_shift(_to_word(who), *_to_span(begin, end))
        return self

    __init__ = _made_in_new

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Override {self.id or 'new'} {self.schedule} {self.kind} {self.state}>"


class Page(Incident.Page):
    """Somebody who was paged for a case, or was not, and why; true if it was sent."""
    __init__ = _not_made_here

    case_number = property(Incident.Page.get_case_number, doc="For which case.")
    at = _time(Incident.Page.get_at, "When it was decided.")
    person = property(Incident.Page.get_person, doc="Who, or None where it is about a whole target.")
    target = property(Incident.Page.get_target, doc="Through which target, such as `schedule payments`, or None.")
    reason = property(Incident.Page.get_reason, doc="An Incident.PageReason.")
    run = property(lambda self: self.get_run() or None, doc="Which escalation of the case, from 1; None beside them.")
    policy = property(Incident.Page.get_policy, doc="The policy of that, or None.")
    version = property(Incident.Page.get_version, doc="The version of the playbook that the policy is of, or None.")
    step = property(Incident.Page.get_step, doc="The name of the step, or None.")
    loop = property(Incident.Page.get_loop, doc="How often the steps had begun anew.")
    arming = property(Incident.Page.get_arming, doc="How often a step had been armed anew.")

    to_dict = _to_dict

    def __bool__(self):
        return self.get_sent()

    def __str__(self):
        return self.to_text()

    def __repr__(self):
        return f"<Incident.Page INC-{self.case_number} {self.person or self.target} {self.reason}>"


class Answer(dict):
    """What a simulation, a proof or a measurement says; `text` is the JSON, the same bytes for the same question."""

    def __init__(self, text):
        super().__init__(json.loads(text))
        self.text = text


class Message(Incident.Message):
    """Something that goes out through a channel, and what became of it."""
    __init__ = _not_made_here

    number = property(Incident.Message.get_number, doc="Its number in the outbox.")
    key = property(Incident.Message.get_key, doc="What it is known by on the far side, the same at each attempt.")
    kind = property(Incident.Message.get_kind, doc="An Incident.MessageKind.")
    channel = property(Incident.Message.get_channel, doc="Through which channel it goes.")
    case_number = property(lambda self: self.get_case_number() or None, doc="The case it is about, or None.")
    title = property(Incident.Message.get_title, doc="What it is about, in one line, or None.")
    text = property(Incident.Message.get_text, doc="What it says, or None.")
    recipients = property(Incident.Message.get_recipients, doc="To whom: addresses, or who is invited.")
    conversation = property(Incident.Message.get_conversation, doc="Where on the far side it belongs, or None.")
    thread = property(Incident.Message.get_thread, doc="Below which message there, or None.")
    replaces = property(Incident.Message.get_replaces, doc="The message there whose place it takes, or None.")
    state = property(Incident.Message.get_state, doc="An Incident.MessageState.")
    attempts = property(Incident.Message.get_attempts, doc="How often it was tried.")
    due_at = _time(Incident.Message.get_due_at, "When it is tried next, or None.")
    external_id = property(Incident.Message.get_external_id, doc="What the far side calls it, or None.")
    permalink = property(Incident.Message.get_permalink, doc="Where people see it, or None.")
    trouble = property(Incident.Message.get_trouble, doc="Why it was not sent, or None.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Message {self.number} {self.kind} {self.channel} {self.state}>"


class Delivery(Incident.Delivery):
    """One attempt to deliver a message."""
    message = property(Incident.Delivery.get_message, doc="What is to be delivered.")


def _answering(function):
    """A function of a channel whose exceptions are its answer: nobody would hear of them otherwise."""
    @functools.wraps(function)
    def call(self, *arguments):
        task = arguments[-1]
        try:
            function(self, *arguments)
        except GLib.Error as error:
            task.return_error(error)
        except Exception as error:
            # Its words may have a URL or a token in them, and the answer is shown to people.
            task.return_error(GLib.Error(type(error).__name__, "g-io-error-quark", Gio.IOErrorEnum.FAILED))
            raise  # PyGObject prints it
    return call


def _init_channel_class(cls, **keywords):
    """A channel of yours is a class with `do_deliver(self, delivery, task)`.

    It ends by `task.return_boolean(True)`, now or later. A GLib.Error that it raises is the
    answer; any other exception is a mistake: it is printed, and the message is dead, with no more than its name.
    """
    super(Incident.Channel, cls).__init_subclass__(**keywords)
    for name in ("do_deliver", "do_look_up", "do_probe"):
        if callable(vars(cls).get(name)):
            setattr(cls, name, _answering(vars(cls)[name]))


# Not an override: the channels of the library would be none of that class.
Incident.Channel.__init_subclass__ = classmethod(_init_channel_class)


class Lifecycle(Incident.Lifecycle):
    phases = property(Incident.Lifecycle.list_phases, doc="The names of the phases.")
    verbs = property(Incident.Lifecycle.list_verbs, doc="The names of the verbs.")

    from_json = classmethod(_from_json)
    to_dict = _to_dict


class PlaybookChange(Incident.PlaybookChange):
    """One difference between two playbooks."""
    text = property(Incident.PlaybookChange.get_text, doc="What changes, in words.")
    section = property(Incident.PlaybookChange.get_section, doc="Where: `services`, `rights` …")
    name = property(Incident.PlaybookChange.get_name, doc="Of what in the section, or None.")

    def __repr__(self):
        return f"<Incident.PlaybookChange {self.text}>"


class Playbook(Incident.Playbook):
    """A team's rules: `Playbook.load("playbook.json")`."""
    name = property(Incident.Playbook.get_name, doc="What it is called, or None.")
    version = property(Incident.Playbook.get_version, doc="Its content hash.")
    lifecycle = property(Incident.Playbook.get_lifecycle, doc="What may follow what.")

    @staticmethod
    def load(*paths):
        """Reads one file, or several that are merged."""
        return Incident.Playbook.load([os.fspath(path) for path in paths])

    @classmethod
    def from_json(cls, text, source=None):
        """Reads text, bytes, or what json.loads makes of it."""
        text = text if isinstance(text, (str, bytes)) else json.dumps(text)
        return Incident.Playbook.new_from_json(_to_bytes(text), _to_word(source))

    @staticmethod
    def schema():
        """The JSON Schema of playbooks, as a dict."""
        return json.loads(Incident.Playbook.dup_schema())

    @property
    def warnings(self):
        """What is right and may not be meant."""
        return self.list_warnings()

    @staticmethod
    def import_alertmanager(text, place=None):
        """A playbook as text, and notes, of the configuration of an Alertmanager: text, bytes or a dict."""
        text = text if isinstance(text, (str, bytes)) else json.dumps(text)
        return Incident.Playbook.import_alertmanager(_to_bytes(text), _to_word(place))

    def duties(self, role):
        """What who has the role does."""
        return self.list_duties(_to_word(role))

    def diff(self, other):
        """What would change if the other took its place."""
        return super().diff(other)

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Playbook {self.version[:12]}{f' {self.name}' if self.name else ''}>"


class Task(Incident.Task):
    number = property(Incident.Task.get_number, doc="Which task of its case it is.")
    title = property(Incident.Task.get_title, doc="What there is to do, or None if the words were removed.")
    state = property(Incident.Task.get_state, doc="`open`, `in-progress`, `done` or `skipped`.")
    must_do = property(Incident.Task.get_must_do, doc="Whether the case waits for it.")
    person = property(Incident.Task.get_person, doc="Who does it, or None.")
    role = property(Incident.Task.get_role, doc="The role whose holder does it, or None.")
    kind = property(Incident.Task.get_kind, doc="What sort of follow-up action it is, or None.")
    due = _time(Incident.Task.get_due, "Until when, or None.")

    def __repr__(self):
        return f"<Incident.Task {self.number} {self.state} {self.title!r}>"


class Reminder(Incident.Reminder):
    """Something that is due."""
    case_number = property(Incident.Reminder.get_case_number, doc="In which case.")
    kind = property(Incident.Reminder.get_kind, doc="What sort of reminder it is, to dismiss it by.")
    text = property(Incident.Reminder.get_text, doc="What is due.")
    person = property(Incident.Reminder.get_person, doc="Whom it is for, or None.")
    due_at = _time(Incident.Reminder.get_due_at, "Since when.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Reminder INC-{self.case_number} {self.kind}>"


class Refusal(Incident.Refusal):
    """What somebody wanted to do and has no right to do."""
    number = property(Incident.Refusal.get_number, doc="Its place among the refusals of the store.")
    time = _time(Incident.Refusal.get_time, "When it was.")
    case_number = property(lambda self: self.get_case_number() or None, doc="About which case, or None.")
    actor = property(Incident.Refusal.get_actor, doc="Who.")
    verification = property(Incident.Refusal.get_verification, doc="How that is known.")
    verb = property(Incident.Refusal.get_verb, doc="What they wanted to do.")
    why = property(Incident.Refusal.get_why, doc="Why not.")

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Refusal {self.number} {self.actor} {self.verb}>"


class Report(Incident.Report):
    from_json = classmethod(_from_json)
    to_dict = _to_dict


class ManualClock(Incident.ManualClock):
    """A clock for tests: `ManualClock(datetime(2026, 11, 23, tzinfo=timezone.utc), seed=1)`."""

    def __new__(cls, time, seed=0):
        return Incident.ManualClock.new(_from_datetime(time), seed)

    __init__ = _made_in_new

    time = property(lambda self: _to_datetime(self.get_time()),
                    lambda self, time: self.set_time(_from_datetime(time)), doc="What time it is.")

    def advance(self, duration):
        """Lets a timedelta pass."""
        super().advance(duration // _MICROSECOND)


# Records

class Event(Incident.Event):
    """One entry of a timeline; two are equal when they show the same entry."""
    __init__ = _not_made_here

    case_number = property(Incident.Event.get_case_number, doc="Whose timeline it stands in.")
    seq = property(Incident.Event.get_seq, doc="Its place there, from 1.")
    log_index = property(Incident.Event.get_log_index, doc="Its place in the log of the store, from 0.")
    kind = property(Incident.Event.get_kind, doc="What happened: `opened`, `escalated` …")
    actor = property(Incident.Event.get_actor, doc="Who did it.")
    text = property(Incident.Event.get_text, doc="What the actor said, or None.")
    verification = property(Incident.Event.get_verification, doc="How it was known who the actor is.")
    occurred_at = _time(Incident.Event.get_occurred_at, "When it happened.")
    recorded_at = _time(Incident.Event.get_recorded_at, "When it was written down.")
    data = property(lambda self: self.to_dict()["data"], doc="All that it says, as a dict.")
    summary = property(Incident.Event.dup_summary, doc="What happened, in one line for people.")
    leaf_hash = property(lambda self: self.dup_leaf_hash().get_data(), doc="Its hash in the Merkle log: 32 bytes.")
    operation = property(Incident.Event.dup_operation, doc="The command it came from: 32 hexadecimal digits.")

    to_dict = _to_dict

    def __eq__(self, other):
        return self.leaf_hash == other.leaf_hash if isinstance(other, Incident.Event) else NotImplemented

    def __hash__(self):
        return hash(self.leaf_hash)

    def __repr__(self):
        actor = Incident.text_for_terminal(self.actor)
        return f"<Incident.Event INC-{self.case_number} #{self.seq} {self.kind} by {actor}>"


class Case(Incident.Case):
    """One incident.

    Each verb takes `actor`, and may take `at`, when it happened (an aware
    datetime); `seen`, the version that the actor saw; and `operation`, so that
    the same command given twice is recorded once.
    """
    __init__ = _not_made_here

    number = property(Incident.Case.get_number, doc="Its number, from 1.")
    id = property(Incident.Case.get_id, doc="Its name, such as `INC-1`.")
    title = property(Incident.Case.get_title, doc="What is wrong, in one line.")
    phase = property(Incident.Case.get_phase, doc="Where in its life it is.")
    open = property(Incident.Case.get_open, doc="Whether it has not ended.")
    live = property(Incident.Case.get_live, doc="Whether it is open and not recovered.")
    severity = property(Incident.Case.get_severity, doc="An Incident.Severity; UNKNOWN is false.")
    impact = property(Incident.Case.get_impact, doc="An Incident.Level; UNKNOWN is false.")
    urgency = property(Incident.Case.get_urgency, doc="An Incident.Level; UNKNOWN is false.")
    priority = property(Incident.Case.get_priority, doc="An Incident.Priority; UNKNOWN is false.")
    service = property(Incident.Case.get_service, doc="The service that is hit, or None.")
    category = property(Incident.Case.get_category, doc="What sort of incident it is, or None.")
    commander = property(Incident.Case.get_commander, doc="Who commands, or None.")
    episode = property(Incident.Case.get_episode, doc="1, and one more each time it was reopened.")
    version = property(Incident.Case.get_version, doc="The number of its events.")
    firing_alerts = property(Incident.Case.get_firing_alerts, doc="How many alerts fire.")
    opened_at = _time(Incident.Case.get_opened_at, "When it began.")
    updated_at = _time(Incident.Case.get_updated_at, "When it last changed.")
    closed_at = _time(Incident.Case.get_closed_at, "When it ended, or None.")
    timeline = property(Incident.Case.get_timeline, doc="Its events as they were recorded, a sequence that grows.")
    events = property(Incident.Case.list_events, doc="Its events in the order in which they happened, a list.")
    assignments = property(Incident.Case.list_assignments, doc="Who had which role, from when to when.")

    tasks = property(Incident.Case.list_tasks, doc="What there is to do, and follow-up actions.")
    major = property(Incident.Case.get_major, doc="Whether it was declared a major incident.")
    playbook = property(Incident.Case.get_playbook, doc="The version of the playbook it was acted on under last.")
    links = property(lambda self: self.to_dict()["links"], doc="Other cases it has to do with.")
    record_dict = property(lambda self: json.loads(self.record_to_json()),
                           doc="Decisions, hypotheses, impact, fields …, and the time in each severity.")

    @property
    def roles(self):
        """Who has which role now: a name, or a list where several have it."""
        roles = {}
        for item in self.list_assignments():
            if item.until is None:
                roles.setdefault(item.role, []).append(item.person)
        return {role: people[0] if len(people) == 1 else people for role, people in roles.items()}

    def act(self, verb, *, actor=None, at=None, seen=None, operation=None, **arguments):
        """Gives a command: a verb with its arguments, or an Incident.Command."""
        if not isinstance(verb, Incident.Command):
            verb = Command(verb, actor, at=at, seen=seen, operation=operation, **arguments)
        elif arguments or (actor, at, seen, operation) != (None, None, None, None):
            raise TypeError("a command has its arguments already")
        super().act(verb)

    def _do(self, verb, arguments, actor, at=None, seen=None, operation=None):
        self.act(verb, actor=actor, at=at, seen=seen, operation=operation, **arguments)

    def _say(self, verb, call, text, actor, when):
        """The C function takes the words alone, and is the quicker way where there is nothing else to say."""
        if when or not isinstance(text, str) or not isinstance(actor, str):
            self._do(verb, {"text": text}, actor, **when)
        else:
            call(_to_word(text), _to_word(actor))

    def diagnose(self, text=None, *, actor, **when):
        """Records a finding."""
        self._say("diagnose", super().diagnose, text, actor, when)

    def escalate(self, target, reason, *, actor, hierarchical=False, **when):
        """Asks a person, a team or a policy for skill, or for authority."""
        escalation = "hierarchical" if hierarchical else "functional"
        self._do("escalate", {"target": target, "text": reason, "escalation": escalation}, actor, **when)

    def examine(self, text=None, *, actor, **when):
        """Records what a responder found."""
        self._say("examine", super().examine, text, actor, when)

    def resolve(self, solution, *, actor, **when):
        """Records what was done about it."""
        self._say("resolve", super().resolve, solution, actor, when)

    def recover(self, evidence, *, actor, **when):
        """Records that it works again, and how we know."""
        self._say("recover", super().recover, evidence, actor, when)

    def close(self, text=None, *, actor, **when):
        """Ends the case."""
        self._say("close", super().close, text, actor, when)

    def cancel(self, reason, *, actor, **when):
        """Ends a case that was none."""
        self._say("cancel", super().cancel, reason, actor, when)

    def reopen(self, reason, *, actor, **when):
        """Begins a new episode."""
        self._say("reopen", super().reopen, reason, actor, when)

    def assign(self, role, person, *, actor, text=None, **when):
        """Gives a person a role."""
        self._do("assign", {"role": role, "person": person, "text": text}, actor, **when)

    def release(self, role, person=None, *, actor, text=None, **when):
        """Takes a role from whoever has it, or from one of those who have it."""
        self._do("release", {"role": role, "person": person, "text": text}, actor, **when)

    def classify(self, *, actor, severity=None, impact=None, urgency=None, service=None, category=None,
                 major=False, text=None, **when):
        """Judges the case; what is left out stays as it is."""
        self._do("classify", {"severity": severity, "impact": impact, "urgency": urgency, "service": service,
                              "category": category, "major": major, "text": text}, actor, **when)

    def handoff(self, role, person, briefing=None, *, actor, due=None, **when):
        """Offers a role; who has it keeps it until the other accepts."""
        self._do("handoff", {"role": role, "person": person, "text": briefing, "due": due}, actor, **when)

    def accept(self, role, *, actor, **when):
        """Takes a role that was offered."""
        self._do("accept", {"role": role}, actor, **when)

    def decline(self, role, reason=None, *, actor, **when):
        """Declines a role that was offered, or takes the offer back."""
        self._do("decline", {"role": role, "text": reason}, actor, **when)

    def take_command(self, reason, *, actor, **when):
        """Takes command from who cannot be reached."""
        self._do("take-command", {"text": reason}, actor, **when)

    def acknowledge(self, *, actor, **when):
        """Says that somebody is on it."""
        self._do("acknowledge", {}, actor, **when)

    def unacknowledge(self, person=None, *, actor, **when):
        """Takes an acknowledgement back, one's own or that of another: who is on call is paged again."""
        self._do("unacknowledge", {"person": person}, actor, **when)

    def snooze(self, due, *, actor, **when):
        """Pages nobody until a datetime, or for a timedelta."""
        self._do("snooze", {"due": due}, actor, **when)

    def wake(self, *, actor, **when):
        """Ends a snooze before its time."""
        self._do("wake", {}, actor, **when)

    def page(self, target, text, *, actor, **when):
        """Has one person, or a target such as `schedule payments`, paged beside what the policy does."""
        self._do("page", {"target": target, "text": text}, actor, **when)

    def move_runs(self, *, actor, **when):
        """Lets the escalations of the case go on under the playbook as it is now."""
        self._do("move-runs", {}, actor, **when)

    pages = property(Incident.Case.list_pages, doc="Who was paged and who was not, and why, an Incident.Page each.")

    def add_task(self, title, *, actor, person=None, role=None, due=None, must_do=False, after=None, kind=None,
                 text=None, at=None, seen=None, operation=None):
        """Adds a task, or with a kind a follow-up action; `due` is a datetime or a timedelta."""
        self._do("add-task", {"title": title, "person": person, "role": role, "due": due, "must_do": must_do,
                              "after": after, "kind": kind, "text": text}, actor, at=at, seen=seen, operation=operation)

    def finish_task(self, task, text=None, *, actor, **when):
        """Says that a task, or the one of this number, is done."""
        self._do("finish-task", {"task": getattr(task, "number", task), "text": text}, actor, **when)

    def skip_task(self, task, reason, *, actor, **when):
        """Says why a task is not done."""
        self._do("skip-task", {"task": getattr(task, "number", task), "text": reason}, actor, **when)

    def update(self, text, *, actor, audience=None, due=None, **when):
        """Tells how it stands; `due` is when the next update comes."""
        self._do("update", {"text": text, "audience": audience, "due": due}, actor, **when)

    def approve(self, event, text=None, *, actor, due=None, **when):
        """Gives an update that was proposed by an event, or by the one of this number; `text` mends its words."""
        self._do("approve", {"event": getattr(event, "seq", event), "text": text, "due": due}, actor, **when)

    def say(self, text, *, actor, message, thread=None, author=None, permalink=None, **when):
        """Records what was said in a chat, under the id of the message."""
        self._do("say", {"text": text, "message": message, "thread": thread, "author": author, "permalink": permalink},
                 actor, **when)

    def pin(self, message, text=None, *, actor, author=None, permalink=None, **when):
        """Marks a message of a chat as one that matters; one that was not recorded comes with its words."""
        self._do("pin", {"message": message, "text": text, "author": author, "permalink": permalink}, actor, **when)

    def message(self, text, *, actor, audience=None, **when):
        """Says something to those who follow the case in its channels."""
        self._do("message", {"text": text, "audience": audience}, actor, **when)

    def update_draft(self, audience="internal"):
        """What could be told to an audience now; nothing is recorded."""
        return self.dup_update_draft(_to_word(audience))

    def decide(self, text, objections=None, *, actor, **when):
        """Records a decision, and what was said against it."""
        self._do("decide", {"text": text, "objections": objections}, actor, **when)

    def link(self, kind, case, *, actor, **when):
        """Links another case: `duplicate`, `caused-by`, `related`, `child` or `follows`."""
        self._do("link", {"kind": kind, "case": case}, actor, **when)

    def merge(self, into, reason=None, *, actor, **when):
        """Ends this case and goes on in another."""
        self._do("merge", {"case": into, "text": reason}, actor, **when)

    def redact(self, event, reason, *, actor, **when):
        """Removes the words of an event, or of the one of this number, for good."""
        self._do("redact", {"event": getattr(event, "seq", event), "text": reason}, actor, **when)

    def note(self, text, *, actor, **when):
        """Writes something down."""
        self._say("note", super().note, text, actor, when)

    def next(self, actor):
        """Each verb: whether the actor may, and why not."""
        return self.list_next(_to_word(actor))

    to_dict = _to_dict

    def __repr__(self):
        return f"<Incident.Case {self.id} {self.phase} {self.title!r}>"


class Desk(Incident.Desk):
    """The front door: `desk[1]` and `desk["INC-1"]` are cases.

    There is nothing to save and no close(): each command is durable when it
    returns, and the store is closed when the last reference to the desk and to
    its cases is gone. A `with` block only shows where the desk is used.
    """
    store = property(Incident.Desk.get_store, doc="Where the events are.")
    clock = property(Incident.Desk.get_clock, doc="What time it is.")
    lifecycle = property(Incident.Desk.get_lifecycle, doc="What may follow what.")
    playbook = property(Incident.Desk.get_playbook, lambda self, playbook: self.set_playbook(playbook),
                        doc="The rules that commands are judged by.")

    @staticmethod
    def open(uri, playbook=None):
        """Opens a store: a path, `sqlite:PATH` or `memory:`."""
        uri = "sqlite:" + os.fspath(uri) if isinstance(uri, os.PathLike) else _to_word(uri)
        return Incident.Desk.open_with_playbook(uri, playbook)

    def remind(self):
        """Reminds of what is due; the reminders, and when to call again (None: nothing waits)."""
        reminders, next = super().remind()
        return reminders, None if next == GLib.MAXINT64 else _to_datetime(next)

    reminders = property(Incident.Desk.list_reminders, doc="What is due by now; nothing is recorded.")

    def refusals(self, after=0):
        """Goes through who was refused for lack of right, the oldest first."""
        while page := self.list_refusals(after, Incident.QUERY_MAX_LIMIT):
            yield from page
            after = page[-1].number

    def touched(self, change):
        """The ids of the open cases that a change of the playbook is about."""
        return self.list_touched(change)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None

    __iter__ = None  # or Python would try desk[0], desk[1] …

    def __getitem__(self, key):
        number = Incident.Case.number_from_string(_to_word(key))[1] if isinstance(key, str) else key
        if not 0 <= number < 2 ** 64:
            raise NotFound(f"There is no case {number}")
        return self.get_case(number)

    def __contains__(self, key):
        try:
            return self[key] is not None
        except (NotFound, Invalid):
            return False

    def open_case(self, title, *, actor, severity=None, impact=None, urgency=None, service=None, category=None,
                  text=None, at=None, operation=None):
        """Opens a case."""
        return self.act(0, Command("open", actor, at=at, operation=operation, title=title, text=text,
                                   severity=severity, impact=impact, urgency=urgency,
                                   service=service, category=category))

    def act_many(self, numbers, verb, *, actor=None, at=None, operation=None, **arguments):
        """Does the same to many cases, all or nothing: `desk.act_many([3, 5], "close", actor="ana")`."""
        if not isinstance(verb, Incident.Command):
            verb = Command(verb, actor, at=at, operation=operation, **arguments)
        if not isinstance(numbers, array.array):
            numbers = array.array("Q", numbers)
        super().act_many(GLib.Bytes.new(numbers.tobytes()), verb)

    def batch(self):
        """Begins a batch; `with desk.batch() as batch:` commits it at the end, unless an exception passes."""
        return Batch(self)

    def rows(self, *, open=False, phase=None, service=None, since=None):
        """Goes through the cases that match as dicts, the newest first: quicker than cases()."""
        query = Query(open=open, phase=phase, service=service, since=since)
        while page := json.loads(self.list_rows(query)):
            yield from page
            query.set_before(page[-1]["number"])

    def column(self, name, *, open=False, phase=None, service=None, since=None):
        """One number of each case that matches, the newest first, in an array.array("q")."""
        query = Query(open=open, phase=phase, service=service, since=since, limit=Incident.QUERY_MAX_LIMIT)
        values = array.array("q")
        while numbers := self.list_column(query, "number").get_data():
            page = self.list_column(query, name.replace("_", "-")).get_data()
            if self.list_column(query, "number").get_data() != numbers:
                continue  # others wrote in between, and the page is of other cases
            values.frombytes(page)
            query.set_before(array.array("q", numbers)[-1])
        return values

    def cases(self, *, open=False, phase=None, service=None, since=None):
        """Goes through the cases that match, the newest first."""
        return self._pages(Query(open=open, phase=phase, service=service, since=since))

    def _pages(self, query):
        while page := self.find_cases(query):
            yield from page
            query.set_before(page[-1].number)

    def events(self, after=None):
        """Goes through the log of the store, from the entry after an event or a log index."""
        index = 0 if after is None else getattr(after, "log_index", after) + 1
        while page := self.list_events(index, _EVENTS_PER_PAGE):
            yield from page
            index = page[-1].log_index + 1

    def ingest(self, body, format=None, *, actor, source=None, at=None):
        """Takes a monitoring system's message in: bytes, text, or what json.loads makes of it.

        Without a format it is known by its looks.
        """
        body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return super().ingest(_to_word(format), GLib.Bytes.new(_to_bytes(body)), _to_word(source), _to_word(actor),
                              _from_datetime(at))

    def alerts(self, matchers=None, *, since=None):
        """What fires, and with `since` what has ended since then; the oldest first."""
        return self.list_alerts(_to_word(matchers), _from_datetime(since))

    def alert_body(self, alert):
        """The message that told of an alert, or of the one with this key, last: bytes, as they came."""
        return self.dup_alert_body(_to_word(getattr(alert, "key", alert))).get_data()

    def route(self, labels, *, at=None):
        """Where an alert with these labels would go, now or at another time."""
        return self.try_labels({_to_word(name): _to_word(value) for name, value in labels.items()}, _from_datetime(at))

    def settle(self):
        """Does what is due for alerts; when to call again (None: nothing waits)."""
        next = self.settle_alerts()[-1]
        return None if next == GLib.MAXINT64 else _to_datetime(next)

    def _until(self, start, hours, until):
        if (hours is None) == (until is None):
            raise TypeError("either hours or until is wanted")
        if hours is None:
            return until
        now = _to_datetime(self.get_clock().get_time())
        return max(now, start or now) + datetime.timedelta(hours=hours)

    def silence(self, matchers, *, reason, actor, hours=None, until=None, start=None, interval=None):
        """Mutes the alerts that match for some hours or until a time; gives the silence that is in force."""
        until = self._until(start, hours, until)
        silence = Silence(matchers, until=until, reason=reason, start=start, interval=interval)
        return self.add_silence(silence, _to_word(actor))

    def change_silence(self, silence, *, actor, matchers=None, hours=None, until=None, start=None, interval=None,
                       reason=None):
        """Changes what is named of a silence; where that would rewrite history, another stands for it.

        An empty interval takes it away.
        """
        start = silence.starts_at if start is None else start
        until = silence.ends_at if (hours, until) == (None, None) else self._until(start, hours, until)
        other = Silence(silence.matchers if matchers is None else matchers, until=until, start=start,
                        reason=silence.reason if reason is None else reason,
                        interval=(silence.interval if interval is None else interval) or None)
        return super().change_silence(silence.get_id(), other, _to_word(actor))

    def expire_silence(self, silence, *, actor):
        """Ends a silence, or the one of this number, now."""
        super().expire_silence(getattr(silence, "id", silence), _to_word(actor))

    def silences(self, *, expired=False):
        """The silences in force and to come; with `expired` also those that are over."""
        return self.list_silences(expired)

    def try_silence(self, matchers, *, since=None):
        """The alerts that a silence would hit, of those that fire and those since a time; it mutes nothing."""
        now = _to_datetime(self.get_clock().get_time())
        if not isinstance(matchers, Incident.Silence):
            matchers = Silence(matchers, until=now + datetime.timedelta(days=1), reason="a dry run")
        return super().try_silence(matchers, _from_datetime(since or now))

    def add_channel(self, name, channel):
        """Adds a channel of your own, by its name in the playbook."""
        super().add_channel(_to_word(name), channel)

    def deliver(self):
        """Sends what is due; when to call again (None: nothing waits). For programs without a main loop.

        Until it returns, a main context that is the desk's own is the default of the thread. What a
        channel does later it does there: `GLib.idle_add` and the like are for the context of the
        program, which does not run meanwhile.
        """
        if not hasattr(self, "_context"):
            self._context = GLib.MainContext.new()
        results = []
        self._context.push_thread_default()
        try:
            self.deliver_async(None, lambda desk, result: results.append(result))
            while not results:
                self._context.iteration(True)
        finally:
            self._context.pop_thread_default()
        next = self.deliver_finish(results[0])[-1]
        return None if next == GLib.MAXINT64 else _to_datetime(next)

    def messages(self, channel=None, *, state=None, case=None):
        """Goes through the outbox, the oldest first; the state `waiting` is all that is not final."""
        number = Incident.Case.number_from_string(_to_word(case))[1] if isinstance(case, str) else getattr(case, "number", case)
        after = 0
        while page := self.list_messages(_to_word(channel), _to_word(state), number or 0, after, _EVENTS_PER_PAGE):
            yield from page
            after = page[-1].number

    def retry_message(self, message, *, actor):
        """Has a message that is dead or expired, or the one of this number, sent again."""
        super().retry_message(getattr(message, "number", message), _to_word(actor))

    def withdraw_message(self, message, *, actor):
        """Takes a message that waits, or the one of this number, back."""
        super().withdraw_message(getattr(message, "number", message), _to_word(actor))

    def status_page(self, format="html"):
        """The status page of the playbook: HTML, or with `json` a dict."""
        page = self.dup_status_page(_to_word(format))
        return json.loads(page) if format == "json" else page

    schedules = property(Incident.Desk.list_schedules, doc="The schedules of the playbook, by name.")

    def schedule(self, name):
        """A schedule as it is lived: with what people changed on single days."""
        return self.get_schedule(_to_word(name))

    def on_call(self, schedule=None, at=None):
        """Who is on call, now or at a datetime: a list of names, or without a schedule a dict of these."""
        at = _to_datetime(self.get_clock().get_time()) if at is None else at
        if schedule is not None:
            return self.schedule(schedule).on_call(at)
        return {item.name: item.on_call(at) for item in self.list_schedules()}

    def override(self, schedule, *, until, actor, from_=None, add=None, remove=None, replace=None, swap=None, shifts=None,
                 text=None):
        """Changes a schedule on single days, from now on or from a datetime; gives the override that is in force.

        Either `add="ana"`, `remove="ana"`, `replace=("ana", "bo")` where bo stands for ana, `swap="ana"` where ana offers her
        shifts, or `shifts=[("ana", from_, until), …]` in place of the whole schedule.
        """
        ways = {"add": add, "remove": remove, "replace": replace, "swap": swap, "temporary": shifts}
        given = [(kind, value) for kind, value in ways.items() if value is not None]
        if len(given) != 1:
            raise TypeError("one of add, remove, replace, swap and shifts is wanted")
        (kind, value), = given
        people = () if kind == "temporary" else value if kind == "replace" else (value,)
        change = Override(schedule, kind, *people, from_=from_, until=until, text=text, shifts=shifts or ())
        return self.add_override(change, _to_word(actor))

    def take_swap(self, swap, *, actor, from_=None, until=None):
        """Takes the shifts that somebody offers, or a part of them."""
        return super().take_swap(getattr(swap, "id", swap), _to_word(actor), _from_datetime(from_), _from_datetime(until))

    def withdraw_override(self, override, *, actor):  # pylint: disable=redefined-outer-name
        """Ends an override, or the one of this number, now."""
        super().withdraw_override(getattr(override, "id", override), _to_word(actor))

    def overrides(self, schedule=None, *, from_=None, until=None):
        """How schedules were changed, also by what was withdrawn."""
        return self.list_overrides(_to_word(schedule), _from_datetime(from_), _from_datetime(until))

    def import_calendar(self, schedule, text, *, actor):
        """Takes a calendar in as a layer of a schedule; gives it, and notes for people."""
        text = text.decode() if isinstance(text, bytes) else text
        return super().import_calendar(_to_word(schedule), _to_word(text), -1, _to_word(actor))

    def explain_page(self, case, person):
        """Whether and how a person was paged for a case, or why not: a dict."""
        number = Incident.Case.number_from_string(_to_word(case))[1] if isinstance(case, str) else getattr(case, "number", case)
        return Answer(super().explain_page(number, _to_word(person)))

    def simulate(self, scenario=None, playbook=None, **keywords):
        """Who would be paged, when, how and why; nothing is written and nobody is paged.

        The scenario is a dict, or keywords: `desk.simulate(case={"severity": "sev1"}, for_=timedelta(hours=72))`. Where JSON
        has text it may have a datetime, a timedelta, a member of an enumeration or a case.
        """
        scenario = {**(scenario or {}), **{name.rstrip("_"): value for name, value in keywords.items() if value is not None}}
        return Answer(super().simulate(playbook, json.dumps(_to_scenario(scenario))))

    def prove(self, policy=None, *, from_=None, until=None, playbook=None):
        """When no step of a policy, or of any, reaches somebody; for the next year if it does not say otherwise."""
        from_ = _to_datetime(self.get_clock().get_time()) if from_ is None else from_
        until = from_ + datetime.timedelta(days=365) if until is None else until
        return Answer(super().prove(playbook, _to_word(policy), *_to_span(from_, until)))

    def replay(self, from_, until=None, *, playbook=None):
        """What the cases that were opened in a time would have done under other rules."""
        until = _to_datetime(self.get_clock().get_time()) if until is None else until
        return Answer(super().replay(playbook, *_to_span(from_, until)))

    def measure_load(self, from_, until):
        """How the burden of being on call was, or will be, shared."""
        return Answer(super().measure_load(*_to_span(from_, until)))

    forgotten_silences = property(Incident.Desk.review_silences, doc="Sentences on silences to look at.")


class Escalator(Incident.Escalator):
    """Pages whom the policies say, when it is their time: `Escalator(desk).run()`, or start() with a main loop."""

    def __init__(self, desk):
        super().__init__(desk=desk)

    desk = property(Incident.Escalator.get_desk, doc="Whose cases it looks after.")

    def run(self):
        """Does what is due; how much that was, and when to call again (None: nothing waits)."""
        n_fired, next = super().run()
        return n_fired, None if next == GLib.MAXINT64 else _to_datetime(next)


class Batch(Incident.Batch):
    """Commands that are recorded together: `with desk.batch() as batch: batch.act(1, "close", actor="ana")`."""

    def __new__(cls, desk):
        return Incident.Batch.new(desk)

    __init__ = _made_in_new

    def __enter__(self):
        return self

    def __exit__(self, kind, *exception):
        if kind is None:
            self.commit()

    def __len__(self):
        return self.get_n_commands()

    def act(self, case, verb, *, actor=None, at=None, seen=None, operation=None, **arguments):
        """Adds a command for a case, or its number; 0 opens one."""
        if not isinstance(verb, Incident.Command):
            verb = Command(verb, actor, at=at, seen=seen, operation=operation, **arguments)
        super().act(getattr(case, "number", case), verb)

    def open_case(self, title, *, actor, **arguments):
        """Opens a case; its number is in `numbers` after the commit."""
        self.act(0, "open", actor=actor, title=title, **arguments)

    numbers = property(lambda self: array.array("Q", self.dup_numbers().get_data()),
                       doc="The cases of the last commit, one a command.")


for _class in (Actor, Batch, Command, Matcher, Query, Assignment, Option, Receipt, Alert, Silence, Routing, Shift,
               Schedule, Override, Page, Escalator, Message, Delivery, Lifecycle, Playbook, PlaybookChange, Task,
               Reminder, Refusal, Report, ManualClock, Event, Case, Desk):
    globals()[_class.__name__] = override(_class)
    __all__.append(_class.__name__)
