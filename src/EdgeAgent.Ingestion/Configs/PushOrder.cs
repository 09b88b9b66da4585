namespace EdgeAgent.Ingestion.Configs;

/// <summary>A new version of a layer, and how it is to reach devices.</summary>
/// <param name="Layer">Which.</param>
/// <param name="Document">What <see cref="LayerDocument"/> made of it.</param>
/// <param name="Message">Why; for people.</param>
/// <param name="MayChangeBootstrap">It is meant to change where the cloud is.</param>
/// <param name="Again">Send it to devices too that have refused what comes out of it.</param>
/// <param name="Trial">How long it may take to prove itself; zero: the device's default.</param>
/// <param name="Stages">Whom it reaches first; null: all at once.</param>
/// <param name="Soak">See <see cref="Rollout"/>.</param>
/// <param name="StopAt">See <see cref="Rollout"/>.</param>
internal sealed record PushOrder(
    Layer Layer, byte[] Document, string Message, bool MayChangeBootstrap, bool Again, TimeSpan Trial, IReadOnlyList<RolloutStage>? Stages, TimeSpan Soak,
    double StopAt);
