using System.Globalization;
using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The port on which a foreign server listens: it prints <c>port N</c> when it is ready.</summary>
internal static class PrintedPort
{
    private const string Prefix = "port ";

    public static async Task<int> ReadAsync(ForeignProcess process)
    {
        string? line = null;
        await Eventually.TrueAsync(
            () =>
            {
                line = process.Output.Split('\n').FirstOrDefault(each => each.StartsWith(Prefix, StringComparison.Ordinal));
                return line is not null || process.HasExited;
            },
            TimeSpan.FromSeconds(30),
            () => $"the server printed its port, but only:\n{process.Output}");
        return line is null
            ? throw new InvalidOperationException($"The server did not start:\n{process.Output}")
            : int.Parse(line.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
    }
}
