"""Settings of the service."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class MeetingsSettings(Settings, frozen=True, kw_only=True):
    """The house's settings, and where files and templates of papers are."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = "meetings"
    attachments_url: Annotated[
        str, Meta(description="Where attached files are kept: file:///folder or s3://bucket; empty: none are taken.")
    ] = ""
    attachments_endpoint: Annotated[
        str, Meta(description="The address of the S3-compatible storage; empty: Amazon's of the region.")
    ] = ""
    attachments_region: Annotated[str, Meta(description="The storage's region.")] = "us-east-1"
    attachments_key_id: Annotated[str, Meta(description="The storage's access key id.")] = ""
    attachments_secret_key: Annotated[str, Meta(description="The storage's secret access key.")] = ""
    attachments_limit: Annotated[int, Meta(ge=1, description="The largest file that may be attached, in bytes.")] = (
        20_971_520
    )
    attachments_types: Annotated[
        str, Meta(description="Kinds of files that may be attached, of pdf, docx, xlsx, jpg, png; separated by commas.")
    ] = "pdf,docx,xlsx,jpg,png"
    attachments_keep_deleted_days: Annotated[
        int, Meta(ge=1, description="Days the bytes of a deleted attachment are kept.")
    ] = 30
    papers_folder: Annotated[
        str, Meta(description="A folder with templates of papers that go before the shipped ones; empty: none.")
    ] = ""
    papers_check_url: Annotated[
        str, Meta(description="What stands before the hash in a paper's QR code, such as a portal's address.")
    ] = ""
    roll_call_key: Annotated[
        str, Meta(description="The key roll-call codes are signed with, a long random text; empty: no codes are made.")
    ] = ""
    roll_call_minutes: Annotated[int, Meta(ge=1, le=60, description="Minutes a roll-call code may be redeemed.")] = 5
