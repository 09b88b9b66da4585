namespace EdgeAgent.Bench.Grpc;

/// <summary>What the command line says.</summary>
/// <param name="Time">How long a contender writes in one round. Default: 1 s, some hundred times what starting a stream costs.</param>
/// <param name="Rounds">Rounds that are measured. Default: 7, so that three may be disturbed.</param>
/// <param name="Json">Figures for programs instead of a table.</param>
internal readonly record struct Settings(TimeSpan Time, int Rounds, bool Json)
{
    public static bool TryRead(ReadOnlySpan<string> arguments, out Settings settings)
    {
        settings = new Settings(TimeSpan.FromSeconds(1), 7, false);
        while (!arguments.IsEmpty)
        {
            switch (arguments)
            {
                case ["--seconds", string text, .. var rest] when double.TryParse(text, out double seconds) && seconds > 0:
                    settings = settings with { Time = TimeSpan.FromSeconds(seconds) };
                    arguments = rest;
                    break;
                case ["--rounds", string text, .. var rest] when int.TryParse(text, out int rounds) && rounds > 0:
                    settings = settings with { Rounds = rounds };
                    arguments = rest;
                    break;
                case ["--json", .. var rest]:
                    settings = settings with { Json = true };
                    arguments = rest;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
