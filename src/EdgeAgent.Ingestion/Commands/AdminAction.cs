using System.CommandLine;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>What the commands that ask a running service have in common: a client, and what is printed where it is not there or refuses.</summary>
internal static class AdminAction
{
    private const int Failed = 1;

    /// <summary>Sets what a command does; it prints what it is given back.</summary>
    public static void SetAction(Command command, Func<AdminClient, ParseResult, CancellationToken, Task<string>> action) =>
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                using AdminClient client = AdminClient.Create(parsed);
                Console.WriteLine(await action(client, parsed, stop));
                return 0;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or UriFormatException or System.Security.Cryptography.CryptographicException)
            {
                await Console.Error.WriteLineAsync(failure.Message);
                return Failed;
            }
        });
}
