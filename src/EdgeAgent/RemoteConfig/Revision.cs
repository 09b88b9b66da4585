using System.Security.Cryptography;

namespace EdgeAgent.RemoteConfig;

/// <summary>What is known of a revision besides its document.</summary>
/// <param name="Number">Ascending within the device; 0 is the device's own file alone.</param>
/// <param name="Hash">SHA-256 of the document, in lower-case hexadecimal digits.</param>
/// <param name="Author">Who made it, for people.</param>
/// <param name="TrialSeconds">How long it may take to prove itself; 0: the device's default.</param>
/// <param name="MayChangeBootstrap">Somebody meant to change where the cloud is.</param>
internal sealed record RevisionHeader(ulong Number, string Hash, string Author, uint TrialSeconds, bool MayChangeBootstrap)
{
    /// <summary>The revision of a device that has none: its own file.</summary>
    public static readonly RevisionHeader None = new(0, "", "", 0, false);

    public bool IsNone => Number == 0;

    /// <summary>As a document's name on disk and <see cref="Hash"/> have it.</summary>
    public static string HashOf(ReadOnlySpan<byte> document) => Convert.ToHexStringLower(SHA256.HashData(document));

    /// <summary>How long it is on trial at most.</summary>
    public TimeSpan TrialOf(RemoteOptions options)
    {
        TimeSpan asked = TrialSeconds == 0 ? options.Trial : TimeSpan.FromSeconds(TrialSeconds);
        return asked < RemoteOptions.ShortestTrial ? RemoteOptions.ShortestTrial : asked > RemoteOptions.LongestTrial ? RemoteOptions.LongestTrial : asked;
    }
}

/// <summary>A revision as it came, or as it lies on the disk.</summary>
internal sealed record Revision(RevisionHeader Header, ReadOnlyMemory<byte> Document)
{
    /// <summary>1 MiB: twenty times the largest configuration that was seen, and what the smallest device holds in memory twice without noticing.</summary>
    public const int MaximumBytes = 1 << 20;
}

/// <summary>Something that is wrong with a revision, or to be remarked.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901); empty for the whole.</param>
/// <param name="Message">Whole sentences.</param>
internal sealed record RevisionError(string Pointer, string Message)
{
    public override string ToString() => Pointer.Length == 0 ? Message : $"{Pointer}: {Message}";
}
