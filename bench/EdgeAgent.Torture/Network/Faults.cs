namespace EdgeAgent.Torture.Network;

/// <summary>All that can go wrong. A script is dealt from it like a pack of cards, so that everything comes before anything comes again.</summary>
internal static class Faults
{
    // Every status of gRPC but OK, which an impostor could only say with a receipt.
    private const int FirstStatus = 1;
    private const int LastStatus = 16;

    /// <summary>An endless script: the whole pack, shuffled, again and again.</summary>
    public static IEnumerable<Fault> Script(Random random)
    {
        while (true)
        {
            Fault[] pack = [.. OfTheLine(random), .. Cuts(), .. OfTheService(), .. OfSomebodyElse()];
            random.Shuffle(pack);
            foreach (Fault fault in pack)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<Fault> OfTheLine(Random random)
    {
        yield return new Fault(
            "refuse",
            site => Do(() =>
            {
                site.Proxy.Refuse();
                site.Proxy.ResetAll();
            }),
            site => Do(site.Proxy.Accept));
        yield return Bad("reset", new Line { ResetsOnAccept = true }, resets: true);
        yield return Bad("black-hole", new Line { Up = Passage.Swallowed, Down = Passage.Swallowed });
        yield return Bad("black-hole-for-new", new Line { Up = Passage.Swallowed, Down = Passage.Swallowed }, resets: true);
        yield return Bad("silence", new Line { Up = Passage.Held, Down = Passage.Held });
        yield return Bad("half-open-up", new Line { Up = Passage.Swallowed });
        yield return Bad("half-open-down", new Line { Down = Passage.Swallowed });
        yield return Bad("slow-drip", new Line { BytesPerSecond = random.Next(20, 2_000) });
        yield return Bad("slow-drip-for-new", new Line { BytesPerSecond = random.Next(20, 2_000) }, resets: true);
        yield return Bad("latency", new Line { Delay = TimeSpan.FromMilliseconds(random.Next(50, 600)), Jitter = TimeSpan.FromMilliseconds(random.Next(10, 400)) });
        yield return Bad("bandwidth", new Line { BytesPerSecond = random.Next(4_000, 40_000) });
    }

    private static IEnumerable<Fault> Cuts()
    {
        // The client's first flight is some 300 bytes, its certificate and its first headers the next 1,500; the service's flight some 1,500.
        yield return Bad("cut-in-client-hello", new Line { Cut = new Cut(CutPlace.Upstream, 0, 250) }, resets: true);
        yield return Bad("cut-in-server-flight", new Line { Cut = new Cut(CutPlace.Downstream, 0, 1_000) }, resets: true);
        yield return Bad("cut-in-client-certificate", new Line { Cut = new Cut(CutPlace.Upstream, 350, 1_200) }, resets: true);
        yield return Bad("cut-in-first-kilobytes", new Line { Cut = new Cut(CutPlace.Upstream, 1_200, 5_000) }, resets: true);
        yield return Bad("cut-in-frame", new Line { Cut = new Cut(CutPlace.Upstream, 1, 3_000) });
        yield return Bad("cut-anywhere-up", new Line { Cut = new Cut(CutPlace.Upstream, 1, 20_000) });
        yield return Bad("cut-anywhere-down", new Line { Cut = new Cut(CutPlace.Downstream, 1, 1_500) });
        // The receipt and the headers of the session that follows come close together, 100 to 200 bytes each; what is cut takes both with it.
        yield return Bad("cut-before-receipt", new Line { Cut = new Cut(CutPlace.Answer, 0, 0) });
        yield return Bad("cut-in-receipt", new Line { Cut = new Cut(CutPlace.Answer, 1, 120) });
        yield return Bad("cut-in-later-answer", new Line { Cut = new Cut(CutPlace.Answer, 150, 500) });
    }

    private static IEnumerable<Fault> OfTheService()
    {
        yield return new Fault("service-stopped", site => site.Service.StopAsync(), StartServiceAsync);
        yield return new Fault("service-killed", site => site.Service.KillAsync(), StartServiceAsync);
        yield return new Fault("service-frozen", site => site.Service.SignalAsync("STOP"), site => site.Service.SignalAsync("CONT"));
    }

    private static IEnumerable<Fault> OfSomebodyElse()
    {
        for (int status = FirstStatus; status <= LastStatus; status++)
        {
            int said = status;
            yield return Instead($"status-{said}", impostor => impostor.Http2Port, said);
        }
        yield return Instead("502-over-http2", impostor => impostor.Http2Port, null);
        yield return Instead("502-over-http1", impostor => impostor.Http1Port, null);
        yield return Instead("no-tls", impostor => impostor.PlainPort, null);
    }

    private static Fault Bad(string name, Line line, bool resets = false) => new(
        name,
        site => Do(() =>
        {
            site.Proxy.Become(line);
            if (resets)
            {
                site.Proxy.ResetAll();
            }
        }),
        site => Do(() => site.Proxy.Become(Line.Good)),
        IsCut: line.Cut is not null);

    private static Fault Instead(string name, Func<AnsweringServer, int> port, int? status) => new(
        name,
        site => Do(() =>
        {
            site.Impostor.Status = status;
            site.Proxy.Route(port(site.Impostor));
            site.Proxy.ResetAll();
        }),
        site => Do(() =>
        {
            site.Proxy.Route(site.ServicePort);
            site.Proxy.ResetAll();
        }));

    private static Task StartServiceAsync(NetworkSite site)
    {
        site.Service.Start();
        return site.Service.ReadyAsync();
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
