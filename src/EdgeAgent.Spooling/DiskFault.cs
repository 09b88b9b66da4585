namespace EdgeAgent.Spooling;

/// <summary>What is the matter with the disk, in as far as the system says so.</summary>
public enum DiskFault
{
    /// <summary>ENOSPC or a quota: make room. The spool goes on by itself as soon as there is some.</summary>
    NoRoom,

    /// <summary>EROFS: the file system was mounted, or has turned itself, read-only. Often the kernel's answer to a dying card.</summary>
    ReadOnly,

    /// <summary>EIO: the device does not do what it was told.</summary>
    InputOutput,

    /// <summary>The folder, or a file in it, is not there any more: unplugged, unmounted or deleted.</summary>
    Missing,

    /// <summary>The owner or the mode of the folder keeps this process out.</summary>
    NotAllowed,

    /// <summary>Another process has the folder.</summary>
    InUse,

    /// <summary>Nothing is: a later version of the agent has written the spool, and only that one can read it.</summary>
    LaterFormat,

    /// <summary>Something else; the inner exception has the system's words.</summary>
    Other,
}
