#!/bin/sh
# Makes certificates for tests: certificates.sh FOLDER. Afterwards FOLDER/server, FOLDER/client and FOLDER/stranger have
# ca.pem, cert.pem and key.pem each; the first two trust each other, the stranger has an authority of its own.
set -eu
mkdir -p "$1"
cd "$1"
umask 077

authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

# NAME AUTHORITY USE
certificate() {
    mkdir -p "$1"
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1/key.pem" -out "$1/request" 2>/dev/null
    printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=%s\n' "$3" >"$1/extensions"
    openssl x509 -req -days 2 -in "$1/request" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial \
        -extfile "$1/extensions" -out "$1/cert.pem" 2>/dev/null
    cp "$2.pem" "$1/ca.pem"
}

authority ours
authority theirs
certificate server ours serverAuth
certificate client ours clientAuth
certificate stranger theirs clientAuth
# it trusts our server, but is not trusted
cp ours.pem stranger/ca.pem
