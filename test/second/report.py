"""formats.md, 12: the signed report of a ceremony."""
import json
import re

from basics import NotJson, PAGE, Refused, canonical, digest, read_json, unb64
from ledger import checkpoint_bytes, holds, row_digest

MEMBERS = {
    'coldroom', 'station', 'software', 'ceremony', 'plan', 'policy', 'people', 'steps', 'exceptions', 'keys', 'signers', 'items',
    'ledger', 'pdf', 'signature',
}  # fmt: skip


def without(report, *names):
    return {name: value for name, value in report.items() if name not in names}


def signed_bytes(report):
    return b'coldroom report/1\n' + canonical(without(report, 'signature'))


def report_digest(report):
    return digest(canonical(without(report, 'pdf', 'signature')))


def read(data):
    try:
        report = read_json(data, 64 * 1024 * 1024)
    except NotJson:
        raise Refused('report-not-json')
    if not isinstance(report, dict) or report.get('coldroom') != 'report/1' or set(report) != MEMBERS:
        raise Refused('report-members')
    return report


def check(report):
    """@returns the codes of what does not hold, with the row where it is one's."""
    station, ledger = report['station'], report['ledger']
    public = unb64(station['public_key'])
    if public is None or digest(public) != station['id']:
        return [['report-station', None]]
    if not holds(station['public_key'], report['signature'], signed_bytes(report)):
        return [['report-signature', None]]
    rows, found = ledger['rows'], []
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        if before and (row['seq'] != before['seq'] + 1 or row['prev'] != before['sha256']):
            found.append(['report-chain', row['seq']])
        if row['bytes'] is None or row['mac'] is None:
            continue
        record = record_of(row)
        line = row['bytes'].encode('utf-8')
        good = record is not None and canonical(record) == line and row_digest(line, bytes.fromhex(row['mac'])) == row['sha256']
        if not good or [record['seq'], record['prev'], record['ledger_id']] != [row['seq'], row['prev'], ledger['ledger_id']]:
            found.append(['report-row', row['seq']])
    head = ledger['head']
    if not holds(station['public_key'], head['signature'], checkpoint_bytes(ledger['ledger_id'], head['seq'], head['head'])):
        found.append(['report-head', head['seq']])
    elif [[row['seq'], row['sha256']] for row in rows[-2:-1]] != [[head['seq'], head['head']]]:
        found.append(['report-head', head['seq']])
    elif (record_of(rows[-1]) if rows[-1]['bytes'] is not None else {}).get('type') != 'checkpoint':
        found.append(['report-head', head['seq']])
    for row in rows:
        record = record_of(row) if row['bytes'] is not None else None
        if record and record['type'] == 'ceremony-evidence':
            if digest(canonical(record['data'].get('shown'))) != record['data'].get('evidence_sha256'):
                found.append(['report-evidence', row['seq']])
    if ((report['policy'] or {}).get('rules') or {}).get('initials_with_pin') is True:
        for row in rows:
            record = record_of(row) if row['bytes'] is not None else None
            if record and record['type'] in ('ceremony-signed', 'ceremony-exception'):
                if record['data'].get('initials') is not None and record['data'].get('pin') is not True:
                    found.append(['report-pin', row['seq']])
    try:
        told = derive(station, ledger)
    except Refused as refusal:
        return found + [[refusal.code, None]]
    except (KeyError, TypeError, AttributeError):
        return found + [['report-rows', None]]
    return found + [['report-told', None] for name in sorted(told) if canonical(told[name]) != canonical(report[name])]


def record_of(row):
    try:
        record = json.loads(row['bytes'])
    except ValueError:
        return None
    is_record = isinstance(record, dict) and set(record) == {'v', 'ledger_id', 'seq', 'at', 'type', 'data', 'prev'}
    return record if is_record and isinstance(record['data'], dict) else None


TITLES = dict(line.split(': ', 1) for line in re.search(r'^```titles\n(.*?)\n^```$', PAGE, re.M | re.S).group(1).split('\n'))


def plan_of(noted, summary):
    if noted is None:
        return None
    lines = summary.get('plan', {}).get('lines', [])
    return {'sha256': noted['sha256'], 'title': noted['plan']['title'], 'approvals': noted['approvals'], 'lines': lines}


def pin_of(data):
    return {'pin': True} if data.get('pin') is True else {}


def chosen(person, pins):
    """Whether that person had chosen a PIN."""
    whose = [[one['name'], one['initials']] for one in (pins or {}).get('people', [])]
    return {'pin': True} if [person['name'], person['initials']] in whose else {}


def derive(station, ledger):
    """What a report tells, from its shown rows alone."""
    records = [record for record in (record_of(row) for row in ledger['rows'] if row['bytes'] is not None) if record]

    def of(kind):
        return [record for record in records if record['type'] == kind]

    ends = [record for record in of('ceremony-ended') if isinstance(record['data'].get('summary'), dict)]
    if not of('ceremony-begun') or not ends or records[-1]['type'] != 'checkpoint':
        raise Refused('report-no-summary')
    begun, ended = of('ceremony-begun')[0], ends[-1]
    facts = {record['data']['name']: record['data']['value'] for record in of('ceremony-fact')}
    facts = {name: value for name, value in facts.items() if value is not None}
    summary = ended['data']['summary']
    steps, room = {}, []
    everybody = list(facts.get('people', {}).get('people', []))
    for record in records:
        data = record['data']
        if record['type'] == 'ceremony-fact' and data['name'] == 'people':
            room = (data['value'] or {}).get('people', [])
        if record['type'] in ('ceremony-signed', 'ceremony-exception'):
            everybody += [one for one in room if one['initials'] == data['initials']][:1]
        step = steps.get(data.get('step'))
        if record['type'] == 'ceremony-evidence' and (step is None or step['evidence_sha256'] != data['evidence_sha256']):
            shown = data['shown']['facts']
            steps[data['step']] = {
                'number': step['number'] if step else len(steps) + 1,
                'id': data['step'],
                'title': TITLES.get(data['step'], data['step']),
                'checks': data['shown']['checks'],
                'facts': [{**fact, 'kind': kind} for fact, kind in zip(shown, data['kinds'])],
                'evidence_sha256': data['evidence_sha256'],
                'signed': [],
            }
        if record['type'] == 'ceremony-signed' and step and step['evidence_sha256'] == data['evidence_sha256']:
            whose = [one['name'] for one in room if [one['role'], one['initials']] == [data['role'], data['initials']]]
            step['signed'].append({'role': data['role'], 'initials': data['initials'], 'name': (whose + [''])[0], 'at': record['at'], **pin_of(data)})
    exceptions = [{'at': record['at'], **{name: record['data'][name] for name in ('step', 'text', 'initials')}, **pin_of(record['data'])} for record in of('ceremony-exception')]
    policy, signer, last = facts.get('policy'), facts.get('signer'), records[-1]['data']
    return {
        'coldroom': 'report/1',
        'station': station,
        'software': summary['software'],
        'ceremony': {
            'id': begun['data']['ceremony_id'],
            **{name: begun['data'][name] for name in ('number', 'script', 'environment')},
            'host': summary['host'],
            'state': ended['data']['state'],
            'reason': ended['data']['reason'],
            'begun_at': begun['at'],
            'ended_at': ended['at'],
            'place': facts.get('people', {}).get('place'),
            'clock_offset_seconds': facts.get('clock', {}).get('offset_seconds'),
        },
        'plan': plan_of(facts.get('plan'), summary),
        'policy': policy and {'sha256': policy['sha256'], 'rules': policy['rules']},
        'people': [{**one, **chosen(one, facts.get('pins'))} for index, one in enumerate(everybody) if one not in everybody[:index]],
        'steps': list(steps.values()),
        'exceptions': exceptions,
        'keys': summary['keys'],
        'signers': [signer['fingerprint']] if signer else [],
        'items': summary['items'],
        'ledger': {**ledger, 'head': {name: last[name] for name in ('seq', 'head', 'signature')}},
    }
