namespace EdgeAgent.Sensors.Gpio;

/// <summary>Why a line could not be had, in words for whoever stands at the cabinet.</summary>
internal static class LineObstacle
{
    public static string Describe(LineOutcome outcome, LineAddress address, string consumer) => outcome switch
    {
        LineOutcome.ChipAbsent when address.Chip is null => $"no chip has a line {string.Join(" and ", address.Lines)}. Look for its name with gpioinfo.",
        LineOutcome.ChipAbsent => $"there is no chip {address.Chip}. Plug it in, load its module, or correct its label (gpiodetect shows them).",
        LineOutcome.ChipAmbiguous => $"several chips are called {address.Chip}. Write the one's number, or leave the chip away where the line's name is unique.",
        LineOutcome.LineAbsent => $"there is no {address}. Correct its name or number (gpioinfo shows them).",
        LineOutcome.LineAmbiguous => $"several lines are called {string.Join(" and ", address.Lines)}. Write the chip, or the line's number.",
        LineOutcome.Busy => $"the {address} belongs to {(consumer.Length > 0 ? $"\"{consumer}\"" : "somebody else")}. Stop that, or use another line.",
        LineOutcome.Denied => "the agent may not open the chip. Put its user into the group gpio.",
        LineOutcome.Unsupported => $"the chip cannot do what is asked of the {address}: edges, bias or debounce. Ask for less, or use another line.",
        LineOutcome.Failed => $"the {address} does not work.",
        LineOutcome.Ready => throw new ArgumentOutOfRangeException(nameof(outcome), "Nothing is in the way."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
