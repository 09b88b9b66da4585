using EdgeAgent.Mqtt.Io;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>What all connections of one intake share.</summary>
internal sealed record IntakeShared(
    IntakeOptions Options, IIntakeHandler Handler, TimeProvider Time, IntakeCounters Counters, IntakeSessions Sessions, IntakeWills Wills, BufferBudget Budget);
