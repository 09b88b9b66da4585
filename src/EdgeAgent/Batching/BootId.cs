namespace EdgeAgent.Batching;

/// <summary>Tells one boot of the machine from another, where the clock cannot.</summary>
internal static class BootId
{
    private const string File = "/proc/sys/kernel/random/boot_id";

    /// <summary>The kernel's; <see cref="Guid.Empty"/> where there is none, as outside of Linux.</summary>
    public static Guid Current { get; } = Read();

    private static Guid Read()
    {
        try
        {
            return Guid.TryParse(System.IO.File.ReadAllText(File), out Guid id) ? id : Guid.Empty;
        }
        catch (IOException)
        {
            return Guid.Empty;
        }
    }
}
