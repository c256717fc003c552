"""A second implementation of docs/formats.md: Python's own library and `cryptography`, nothing of Coldroom's.

  second.py serve              answers one JSON request a line: {"do": NAME, ...} gives {"gives": ...} or {"refused": CODE}
  second.py vectors [--check]  writes test/vectors/second, or says (exit 1) whether it would change
"""
import json
import sys

sys.dont_write_bytecode = True

import codes
import documents
import keypack
import ledger
import report
from basics import Refused, b64, digest, unb64, words
from sealing import PublicKey, bare, box_make, box_open, envelope_open, key_from_pem, passphrase_of, seal, unseal


def bytes_of(request, name):
    return unb64(request[name])


def phrase(request):
    return None if request.get('passphrase') is None else passphrase_of(bytes_of(request, 'passphrase'))


def private(request):
    return key_from_pem(request['private_key'].encode())


def do_seal(request):
    ciphertext, checksum = seal(bytes_of(request, 'secret'), request['mode'], PublicKey(request['public_key']), phrase(request))
    return {'ciphertext': b64(ciphertext), 'checksum': checksum}


def do_unseal(request):
    given = bytes_of(request, 'ciphertext')
    secret, checksum = unseal(given, request.get('mode'), private(request), phrase(request), request.get('lenient', True))
    return {'secret': b64(secret), 'checksum': checksum}


def do_key(request):
    key = PublicKey(request['hex'])
    return {'form': key.form, 'fingerprint': key.fingerprint, 'ski': key.ski.hex()}


def do_document(request):
    document = documents.read(bytes_of(request, 'file'))
    return {'kind': document['coldroom'], 'id': document['id'], 'signed': digest(documents.signed_bytes(document))}


def do_make(request):
    """A signed document: `kind`, `body`, and what is about it, by a station of a seed of its own."""
    station = documents.Station(bytes_of(request, 'seed'), request['name'], request['role'])
    return b64(documents.write(station.document(request['kind'], request['body'], **request['about'])))


DOES = {
    'key': do_key,
    'passphrase': lambda request: b64(passphrase_of(bytes_of(request, 'file'))),
    'box-make': lambda request: b64(box_make(bytes_of(request, 'content'), phrase(request), bytes_of(request, 'salt'))),
    'box-open': lambda request: b64(box_open(bytes_of(request, 'box'), phrase(request))),
    'seal': do_seal,
    'unseal': do_unseal,
    'bare': lambda request: b64(bare(bytes_of(request, 'file'))),
    'envelope-open': lambda request: b64(envelope_open(bytes_of(request, 'envelope'), private(request), request['lenient'])),
    'document': do_document,
    'make': do_make,
    'judge-exchange': lambda request: keypack.judge(request, request['now']),
    'judge': lambda request: keypack.judge(documents.read(bytes_of(request, 'file'))['body'], request['now']),
    'words': lambda request: words(request['digest']),
    'frames': lambda request: codes.frames(bytes_of(request, 'file'), request['most']),
    'read-frames': lambda request: b64(codes.read(request['frames'])),
    'ledger': lambda request: ledger.check_file(request['path']),
    'ledger-documents': lambda request: ledger.documents(request['path']),
    'report': lambda request: report.check(report.read(bytes_of(request, 'file'))),
    'report-digest': lambda request: report.report_digest(report.read(bytes_of(request, 'file'))),
}


def serve():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {'gives': DOES[request['do']](request)}
        except Refused as refusal:
            answer = {'refused': refusal.code}
        sys.stdout.write(json.dumps(answer) + '\n')
        sys.stdout.flush()


def main():
    if sys.argv[1:] == ['serve']:
        serve()
    elif sys.argv[1:2] == ['vectors'] and sys.argv[2:] in ([], ['--check']):
        from vectors import write_all

        differ = write_all(check=sys.argv[2:] == ['--check'])
        print('\n'.join(differ) or 'all as they are kept')
        sys.exit(1 if differ and sys.argv[2:] else 0)
    else:
        sys.exit(__doc__)


main()
