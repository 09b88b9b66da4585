using System.Globalization;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Sensors.Host;

/// <summary>A file that holds one whole number that is not negative.</summary>
internal sealed class CountFile(string path) : IDisposable
{
    private readonly KernelFile _file = new(path);

    /// <returns>Null where it cannot be read, or holds something else.</returns>
    public long? TryRead()
    {
        Span<byte> buffer = stackalloc byte[32];
        return _file.Read(buffer, out int length) == Quality.Good
            && long.TryParse(buffer[..length].TrimEnd("\n"u8), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;
    }

    public void Dispose() => _file.Dispose();
}
