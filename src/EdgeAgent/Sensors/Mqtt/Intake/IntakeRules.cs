namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>What an intake does with messages. May become another while it listens.</summary>
/// <param name="Identity">The same where it is the same in all.</param>
/// <param name="TakesRetained">Whether retained messages are taken.</param>
/// <param name="CreateWriter">Makes what maps messages to readings.</param>
internal sealed record IntakeRules(string Identity, bool TakesRetained, Func<ReadingWriter> CreateWriter);
