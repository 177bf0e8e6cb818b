# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of “incident” for Fish.

function __incident_ids
    incident list --limit 200 2>/dev/null | awk 'NR > 1 { print $1 }'
end

# A name after --as is no verb yet.
function __incident_needs_verb
    not __fish_seen_subcommand_from open ingest serve list show timeline log next diagnose \
        escalate examine resolve recover close cancel reopen assign release handoff accept decline \
        take-command ack classify prioritise affect note task update decide suppose judge record \
        measure link unlink merge correct redact dismiss file-report reminders refusals report \
        playbook import export lifecycle backup
end

complete -c incident -f
complete -c incident -l db -r -F -d 'the store'
complete -c incident -l playbook -r -F -d 'the team’s rules'
complete -c incident -l as -x -d 'who does it'
complete -c incident -l at -x -d 'when it happened'
complete -c incident -l json -d 'print JSON for programs'
complete -c incident -s h -l help -d 'explain'
complete -c incident -n __incident_needs_verb -l version -d 'print the version'

complete -c incident -n __incident_needs_verb -a open -d 'open a case; prints its id'
complete -c incident -n __incident_needs_verb -a ingest -d 'take in a monitoring system’s message'
complete -c incident -n __incident_needs_verb -a serve -d 'take in over HTTP what monitoring says'
complete -c incident -n __incident_needs_verb -a list -d 'list cases, the newest first'
complete -c incident -n __incident_needs_verb -a show -d 'show where a case stands'
complete -c incident -n __incident_needs_verb -a timeline -d 'print all that happened in a case'
complete -c incident -n __incident_needs_verb -a log -d 'print all that happened in all cases'
complete -c incident -n __incident_needs_verb -a next -d 'tell what may happen to a case now'
complete -c incident -n __incident_needs_verb -a diagnose -d 'record a finding'
complete -c incident -n __incident_needs_verb -a escalate -d 'ask for more skill or authority'
complete -c incident -n __incident_needs_verb -a examine -d 'record what a responder found'
complete -c incident -n __incident_needs_verb -a resolve -d 'record the solution'
complete -c incident -n __incident_needs_verb -a recover -d 'record the evidence that it is over'
complete -c incident -n __incident_needs_verb -a close -d 'close a recovered case'
complete -c incident -n __incident_needs_verb -a cancel -d 'end a case that is none'
complete -c incident -n __incident_needs_verb -a reopen -d 'begin a new episode'
complete -c incident -n __incident_needs_verb -a assign -d 'give somebody a role'
complete -c incident -n __incident_needs_verb -a release -d 'take a role back'
complete -c incident -n __incident_needs_verb -a handoff -d 'offer a role to somebody'
complete -c incident -n __incident_needs_verb -a accept -d 'take a role that was offered'
complete -c incident -n __incident_needs_verb -a decline -d 'decline a role that was offered'
complete -c incident -n __incident_needs_verb -a take-command -d 'take command from who cannot be reached'
complete -c incident -n __incident_needs_verb -a ack -d 'say that you are on it'
complete -c incident -n __incident_needs_verb -a classify -d 'set severity, impact, urgency, service or category'
complete -c incident -n __incident_needs_verb -a prioritise -d 'set the priority by hand'
complete -c incident -n __incident_needs_verb -a affect -d 'name a further service that is hit'
complete -c incident -n __incident_needs_verb -a note -d 'write something down'
complete -c incident -n __incident_needs_verb -a task -d 'add, start, finish, skip or hand on a task'
complete -c incident -n __incident_needs_verb -a update -d 'tell how it stands'
complete -c incident -n __incident_needs_verb -a decide -d 'record a decision'
complete -c incident -n __incident_needs_verb -a suppose -d 'state a hypothesis'
complete -c incident -n __incident_needs_verb -a judge -d 'judge a hypothesis by evidence'
complete -c incident -n __incident_needs_verb -a record -d 'fill in a field of the record'
complete -c incident -n __incident_needs_verb -a measure -d 'record what was lost'
complete -c incident -n __incident_needs_verb -a link -d 'link another case'
complete -c incident -n __incident_needs_verb -a unlink -d 'take a link back'
complete -c incident -n __incident_needs_verb -a merge -d 'end a case and go on in another'
complete -c incident -n __incident_needs_verb -a correct -d 'correct what event N says'
complete -c incident -n __incident_needs_verb -a redact -d 'remove the words of event N for good'
complete -c incident -n __incident_needs_verb -a dismiss -d 'be reminded of something no more'
complete -c incident -n __incident_needs_verb -a file-report -d 'record that an authority was told'
complete -c incident -n __incident_needs_verb -a reminders -d 'tell what is due in all cases'
complete -c incident -n __incident_needs_verb -a refusals -d 'print who was refused for lack of right'
complete -c incident -n __incident_needs_verb -a report -d 'write the problem or the solution report'
complete -c incident -n __incident_needs_verb -a playbook -d 'check a playbook, show it, or compare two'
complete -c incident -n __incident_needs_verb -a import -d 'make a playbook of what another program has'
complete -c incident -n __incident_needs_verb -a export -d 'make what another program takes of a playbook'
complete -c incident -n __incident_needs_verb -a lifecycle -d 'print the phases and what leads from one to the next'
complete -c incident -n __incident_needs_verb -a backup -d 'copy the store while it is in use'

complete -c incident -n '__fish_seen_subcommand_from show timeline next diagnose escalate examine resolve recover close cancel reopen assign release handoff accept decline take-command ack classify prioritise affect note task update decide suppose judge record measure link unlink merge correct redact dismiss file-report report' -a '(__incident_ids)'
complete -c incident -n '__fish_seen_subcommand_from ingest backup' -F

complete -c incident -n '__fish_seen_subcommand_from open classify' -l severity -x -a 'sev1 sev2 sev3 sev4 sev5' -d 'how bad it is'
complete -c incident -n '__fish_seen_subcommand_from open classify' -l impact -x -a 'high medium low' -d 'how far it reaches'
complete -c incident -n '__fish_seen_subcommand_from open classify' -l urgency -x -a 'high medium low' -d 'how little time there is'
complete -c incident -n '__fish_seen_subcommand_from open classify list' -l service -x -d 'what is affected'
complete -c incident -n '__fish_seen_subcommand_from open classify' -l category -x -d 'which kind of incident it is'
complete -c incident -n '__fish_seen_subcommand_from escalate' -l to -x -d 'who is asked'
complete -c incident -n '__fish_seen_subcommand_from escalate' -l hierarchical -d 'ask for authority'
complete -c incident -n '__fish_seen_subcommand_from list' -l open -d 'only open cases'
complete -c incident -n '__fish_seen_subcommand_from list' -l phase -x -a 'new diagnosis escalation examination resolution recovered closed cancelled' -d 'only in this phase'
complete -c incident -n '__fish_seen_subcommand_from list' -l since -x -d 'only opened since'
complete -c incident -n '__fish_seen_subcommand_from list' -l limit -x -d 'at most so many'
complete -c incident -n '__fish_seen_subcommand_from list' -l before -x -a '(__incident_ids)' -d 'only older than this case'
complete -c incident -n '__fish_seen_subcommand_from log' -l follow -d 'go on until interrupted'
complete -c incident -n '__fish_seen_subcommand_from ingest' -l format -x -a alertmanager -d 'whose message it is'
complete -c incident -n '__fish_seen_subcommand_from report' -l kind -x -a 'problem solution' -d 'which report'
complete -c incident -n '__fish_seen_subcommand_from report' -l format -x -a 'html md json' -d 'how it is written'
complete -c incident -n '__fish_seen_subcommand_from report' -s o -l output -r -F -d 'write to this file'
complete -c incident -n '__fish_seen_subcommand_from lifecycle' -l format -x -a 'dot mermaid json' -d 'a drawing or data'

complete -c incident -n '__fish_seen_subcommand_from playbook' -F -a 'check show diff'
complete -c incident -n '__fish_seen_subcommand_from import' -F -a alertmanager
complete -c incident -n '__fish_seen_subcommand_from export' -a alertmanager
complete -c incident -n '__fish_seen_subcommand_from task' -a 'add start done skip reopen hand checklist'
complete -c incident -n '__fish_seen_subcommand_from task' -l must-do -d 'the case waits for it'
complete -c incident -n '__fish_seen_subcommand_from task' -l person -x -d 'who does it'
complete -c incident -n '__fish_seen_subcommand_from task' -l role -x -d 'whose holder does it'
complete -c incident -n '__fish_seen_subcommand_from task' -l kind -x -a 'prevent detect mitigate learn' -d 'a follow-up action'
complete -c incident -n '__fish_seen_subcommand_from task handoff update' -l due -x -d 'until when'
complete -c incident -n '__fish_seen_subcommand_from update' -l audience -x -a 'internal customer' -d 'for whom'
complete -c incident -n '__fish_seen_subcommand_from reminders' -l record -d 'write them down'
complete -c incident -n '__fish_seen_subcommand_from serve' -l listen -x -d 'where to'
complete -c incident -n '__fish_seen_subcommand_from serve' -l tls-certificate -r -F -d 'speak HTTPS'
complete -c incident -n '__fish_seen_subcommand_from serve' -l tls-key -r -F -d 'its private key'
complete -c incident -n '__fish_seen_subcommand_from serve' -l quiet -d 'do not tell of refused requests'
