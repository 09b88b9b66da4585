using EdgeAgent.Commands;

namespace EdgeAgent.Tests.Commands;

/// <summary>The program as it is started, in this process: its entry point with arguments, and what it prints.</summary>
internal static class CommandLine
{
    /// <summary>The console belongs to the process: whoever redirects it must be alone.</summary>
    public const string Collection = "console";

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var captured = new StringWriter();
        using var capturedError = new StringWriter();
        try
        {
            Console.SetOut(captured);
            Console.SetError(capturedError);
            int exitCode = (int)typeof(AgentHost).Assembly.EntryPoint!.Invoke(null, [arguments])!;
            return (exitCode, captured.ToString(), capturedError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}

[CollectionDefinition(CommandLine.Collection, DisableParallelization = true)]
public sealed class ConsoleTests;
