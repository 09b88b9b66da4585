namespace EdgeAgent.Packaging;

/// <summary>What an entry of an archive is.</summary>
internal enum PackedKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A file that belongs to the administrator once it is installed: dpkg asks before it replaces a changed one.</summary>
    Configuration,

    /// <summary>A folder with nothing in it.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,
}

/// <summary>One entry of an archive.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where it lies: relative, with '/'.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Contents">The contents; of a link its target, in UTF-8.</param>
internal sealed record PackedFile(PackedKind Kind, string Path, UnixFileMode Mode, byte[] Contents)
{
    public bool HasContents => Kind is PackedKind.File or PackedKind.Configuration;
}
