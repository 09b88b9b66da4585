using System.CommandLine;
using System.Security.Cryptography;

namespace EdgeAgent.Commands;

/// <summary>What the environment or the command line is to blame for: one line on standard error and an exit code.</summary>
internal static class CommandOutcome
{
    public static int Run(ParseResult parsed, Func<int> work) => RunAsync(parsed, () => Task.FromResult(work())).GetAwaiter().GetResult();

    public static async Task<int> RunAsync(ParseResult parsed, Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException denied)
        {
            return Fail(parsed, $"{denied.Message} Run it as the agent's user, or as root.");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or CryptographicException)
        {
            return Fail(parsed, failure.Message);
        }
    }

    public static int Fail(ParseResult parsed, string message)
    {
        parsed.InvocationConfiguration.Error.WriteLine(message);
        return ExitCode.Failure;
    }
}
