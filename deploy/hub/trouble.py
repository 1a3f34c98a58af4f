"""What can go wrong on the machine that runs a hub. Each message is a sentence that says what to do.

HubError                  shown as it is, exit code 1
├── KafkaFetchError       Kafka's jars cannot be had, or are not the pinned ones
├── PortTakenError        another program listens there
├── FolderError           a folder cannot be used: rights, a full disk
├── NotRunningError       the command needs a running hub
├── AlreadyRunningError   a hub runs on this folder
├── StartError            a program of the hub did not come up
└── BackupError           a backup cannot be made here, or what was given is none
"""

from shared.errors import RetryError


class HubError(RetryError):
    """This machine is in the way; the message says of what, and what to do."""


class KafkaFetchError(HubError):
    """Kafka cannot be fetched, or what came is not what was pinned."""


class PortTakenError(HubError):
    """A port that the hub needs is in use."""


class FolderError(HubError):
    """A folder that the hub needs cannot be made, read or written."""


class NotRunningError(HubError):
    """No hub runs on this folder."""


class AlreadyRunningError(HubError):
    """A hub runs on this folder already."""


class StartError(HubError):
    """A program of the hub ended or did not answer while it started."""


class BackupError(HubError):
    """A backup cannot be made or put back; nothing was changed."""
