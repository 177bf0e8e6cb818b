# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of “incident” for Bash.

_incident_ids ()
{
  incident list --limit 200 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_incident ()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local verbs='open ingest serve list show timeline log alerts next diagnose escalate examine resolve recover close cancel
    reopen assign release handoff accept decline take-command ack unack snooze wake page move-runs classify
    prioritise affect note task update approve message decide suppose judge record measure link unlink merge
    correct redact dismiss file-report reminders refusals oncall override why-paged simulate escalate-due
    silence route settle outbox status-page report playbook import export lifecycle backup'
  local levels='high medium low' classes='--severity --impact --urgency --service --category'
  local verb='' options='--db --playbook --as --at --json --help' position=0 i

  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --db|--playbook|--as|--at|--why|--due|--person|--role|--after|--audience|--objections|--unit|--certainty|\
      --severity|--impact|--urgency|--service|--category|--to|--phase|--since|--limit|--before|\
      --format|--source|--body|--labels|--channel|--state|--case|--for|--until|--from|--interval|--reason|--kind|\
      --schedule|--by|--shift|--title|--scenario|--output|-o|--listen|--tls-certificate|--tls-key) ((i++)) ;;
      -*) ;;
      *) if [ -z "$verb" ]; then verb=${COMP_WORDS[i]}; else ((position++)); fi ;;
    esac
  done

  COMPREPLY=()
  case $before in
    --severity) mapfile -t COMPREPLY < <(compgen -W 'sev1 sev2 sev3 sev4 sev5' -- "$word"); return ;;
    --impact|--urgency) mapfile -t COMPREPLY < <(compgen -W "$levels" -- "$word"); return ;;
    --phase)
      mapfile -t COMPREPLY < <(compgen -W 'new diagnosis escalation examination resolution recovered closed
        cancelled' -- "$word")
      return ;;
    --kind)
      case $verb in
        task) mapfile -t COMPREPLY < <(compgen -W 'prevent detect mitigate learn' -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -W 'problem solution' -- "$word") ;;
      esac
      return ;;
    --audience) mapfile -t COMPREPLY < <(compgen -W 'internal customer' -- "$word"); return ;;
    --certainty) mapfile -t COMPREPLY < <(compgen -W 'estimated measured' -- "$word"); return ;;
    --state)
      mapfile -t COMPREPLY < <(compgen -W 'waiting pending sending unsure sent superseded withdrawn expired dead' -- "$word")
      return ;;
    --before|--case) mapfile -t COMPREPLY < <(compgen -W "$(_incident_ids)" -- "$word"); return ;;
    --format)
      case $verb in
        ingest) mapfile -t COMPREPLY < <(compgen -W 'alertmanager' -- "$word") ;;
        report) mapfile -t COMPREPLY < <(compgen -W 'html md json' -- "$word") ;;
        status-page) mapfile -t COMPREPLY < <(compgen -W 'html json' -- "$word") ;;
        lifecycle) mapfile -t COMPREPLY < <(compgen -W 'dot mermaid json' -- "$word") ;;
      esac
      return ;;
    --db|--playbook|--scenario|--output|-o|--tls-certificate|--tls-key) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --as|--at|--service|--category|--to|--since|--limit|--listen|--source|--body|--labels|--channel|--for|--until|--from|--interval|\
    --reason|--schedule|--by|--shift|--title) return ;;
  esac

  case $verb in
    open) options+=" $classes" ;;
    classify) options+=" $classes --major --why" ;;
    assign) options+=' --why' ;;
    handoff) options+=' --due' ;;
    task) options+=' --person --role --due --must-do --after --kind' ;;
    update) options+=' --audience --due --draft' ;;
    message) options+=' --audience' ;;
    outbox) options+=' --channel --state --case --limit --all' ;;
    status-page) options+=' --format --output' ;;
    decide) options+=' --objections' ;;
    measure) options+=' --unit --certainty' ;;
    reminders) options+=' --record' ;;
    escalate) options+=' --to --hierarchical' ;;
    page) options+=' --to' ;;
    oncall) options+=' --schedule --from --until --for --calendar --svg --ical --gaps --prove --load' ;;
    override) options+=' --schedule --all --from --until --for --by --shift --reason' ;;
    simulate) options+=' --case --title --severity --service --category --scenario --from --until --for' ;;
    list) options+=' --open --phase --service --since --limit --before' ;;
    log) options+=' --follow' ;;
    ingest) options+=' --format --source --macros' ;;
    lifecycle) options+=' --format' ;;
    alerts) options+=' --since --keys --body' ;;
    route) options+=' --labels' ;;
    silence) options+=' --for --until --from --interval --reason --since --all' ;;
    serve) options+=' --listen --tls-certificate --tls-key --quiet' ;;
    report) options+=' --kind --format --output' ;;
    '') options+=' --version' ;;
  esac

  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  elif [ -z "$verb" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$word")
  elif [ "$position" = 0 ]; then
    case $verb in
      ingest|backup) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
      open|serve|list|log|lifecycle|reminders|refusals|alerts|route|settle|escalate-due|status-page) ;;
      oncall) mapfile -t COMPREPLY < <(compgen -W 'import' -- "$word") ;;
      override)
        mapfile -t COMPREPLY < <(compgen -W 'list show add remove replace swap take temporary withdraw' -- "$word") ;;
      simulate) mapfile -t COMPREPLY < <(compgen -W 'replay' -- "$word") ;;
      outbox) mapfile -t COMPREPLY < <(compgen -W 'list show retry withdraw send' -- "$word") ;;
      import|export) mapfile -t COMPREPLY < <(compgen -W 'alertmanager silences' -- "$word") ;;
      silence) mapfile -t COMPREPLY < <(compgen -W 'add list show change expire try review' -- "$word") ;;
      playbook) mapfile -t COMPREPLY < <(compgen -W 'check show diff' -- "$word") ;;
      *) mapfile -t COMPREPLY < <(compgen -W "$(_incident_ids)" -- "$word") ;;
    esac
  elif [ "$verb" = playbook ] || [ "$verb" = import ] || [ "$verb" = oncall ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [ "$verb" = task ] && [ "$position" = 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'add start done skip reopen hand checklist' -- "$word")
  elif [ "$verb" = merge ] && [ "$position" = 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_incident_ids)" -- "$word")
  fi
}

complete -F _incident incident
