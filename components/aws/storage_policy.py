"""What a bucket's policy says."""

from typing import Any

Statement = dict[str, Any]


def bucket_policy(bucket_arn: str, *, log_source_account: str | None) -> dict[str, Any]:
    """The policy of a bucket: nobody gets in without TLS 1.2 or newer; with log_source_account, S3 may deliver that account's access logs.

    Source: Amazon S3 user guide, "Security best practices" and "Permissions for log delivery".
    """
    statements = [_encrypted_transport(bucket_arn), _modern_tls(bucket_arn)]
    if log_source_account:
        statements.append(_log_delivery(bucket_arn, log_source_account))
    return {"Version": "2012-10-17", "Statement": statements}


def _encrypted_transport(bucket_arn: str) -> Statement:
    return _denied(bucket_arn, "DenyWithoutTls", {"Bool": {"aws:SecureTransport": "false"}})


def _modern_tls(bucket_arn: str) -> Statement:
    return _denied(bucket_arn, "DenyOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}})


def _denied(bucket_arn: str, sid: str, condition: dict[str, Any]) -> Statement:
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": everything, "Condition": condition}


def _log_delivery(bucket_arn: str, source_account: str) -> Statement:
    return {
        "Sid": "DeliverAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": source_account}},
    }
