using System.CommandLine;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>What commands have in common that ask a running service.</summary>
internal static class AdminCommand
{
    private const int Failed = 1;

    /// <summary>Runs a command against the service, and says in words where that cannot be had or refuses.</summary>
    public static void SetAdminAction(this Command command, Func<ParseResult, AdminClient, CancellationToken, Task> run) => command.SetAction(async (parsed, stop) =>
    {
        try
        {
            using var client = AdminClient.Create(parsed);
            await run(parsed, client, stop);
            return 0;
        }
        catch (Exception failure) when (failure is HttpRequestException or UriFormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
    });
}
