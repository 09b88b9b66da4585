using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>What commands over the admin API have in common: they ask a running service, print its answer for people or as JSON, and say why it refused.</summary>
internal static class AdminAction
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print the answer as JSON.", Recursive = true };

    private const int Refused = 1;

    /// <summary>Gives a command what it does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Asks, and prints. What it throws about the service is printed.</param>
    public static Command Does(this Command command, Func<ParseResult, AdminClient, CancellationToken, Task> run)
    {
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                using var client = AdminClient.Create(parsed);
                await run(parsed, client, stop);
                return 0;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                await Console.Error.WriteLineAsync(failure.Message);
                return Refused;
            }
        });
        return command;
    }

    /// <summary>Prints an answer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="form">As JSON.</param>
    /// <param name="lines">For people.</param>
    public static void Print<T>(ParseResult parsed, T answer, JsonTypeInfo<T> form, Func<T, IEnumerable<string>> lines)
    {
        foreach (string line in parsed.GetValue(Json) ? [JsonSerializer.Serialize(answer, form)] : lines(answer))
        {
            Console.WriteLine(line);
        }
    }
}
