using EdgeAgent.Clock;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Readings;

/// <summary>One measured value of one series at one time, or the named absence of one (<see cref="Quality"/>).</summary>
internal readonly struct Reading
{
    private Reading(SeriesId series, ReadingTime time, double number, string? text, Quality quality, Delivery delivery, DeliveryMark mark)
    {
        Series = series;
        Time = time;
        Number = number;
        Text = text;
        Quality = quality;
        Delivery = delivery;
        Mark = mark;
    }

    public SeriesId Series { get; }

    /// <summary>From the payload or the agent's clock. Data, never order.</summary>
    public ReadingTime Time { get; }

    public long UnixNanoseconds => Time.UnixNanoseconds;

    /// <summary>The value of a series of numbers; 0 or 1 for one of booleans.</summary>
    public double Number { get; }

    /// <summary>The value of a series of texts; null for all others.</summary>
    public string? Text { get; }

    public Quality Quality { get; }

    /// <summary>Whom to tell when this reading, and all that came before it, is committed.</summary>
    public Delivery Delivery { get; }

    public static Reading OfNumber(SeriesId series, ReadingTime time, double value, Quality quality = Quality.Good) =>
        new(series, time, value, null, quality, default, default);

    public static Reading OfBoolean(SeriesId series, ReadingTime time, bool value, Quality quality = Quality.Good) =>
        new(series, time, value ? 1 : 0, null, quality, default, default);

    public static Reading OfText(SeriesId series, ReadingTime time, string value, Quality quality = Quality.Good) =>
        new(series, time, 0, value, quality, default, default);

    /// <summary>Of any kind. Where the quality says that there is no value, number and text mean nothing.</summary>
    public static Reading Of(SeriesId series, ReadingTime time, double number, string? text, Quality quality) =>
        new(series, time, number, text, quality, default, default);

    /// <summary>A read that failed: there is no value, and the quality says why.</summary>
    public static Reading WithoutValue(SeriesId series, ReadingTime time, Quality quality) =>
        new(series, time, 0, null, quality, default, default);

    /// <summary>The message that the reading is of, where its sender waits for an acknowledgement. Every reading of it carries the mark.</summary>
    public DeliveryMark Mark { get; }

    /// <summary>If the reading is lost here, its sender still has it and sends it again.</summary>
    public bool IsKept => Mark.IsKept || Delivery.IsAwaited;

    /// <summary>The same reading, which settles the delivery when it is committed. The last reading of a message carries it.</summary>
    public Reading Settling(Delivery delivery) => new(Series, Time, Number, Text, Quality, delivery, Mark);

    /// <summary>The same reading with another number.</summary>
    public Reading With(double number, Quality quality) => new(Series, Time, number, Text, quality, Delivery, Mark);

    /// <summary>The same reading, of another series.</summary>
    public Reading Of(SeriesId series) => new(series, Time, Number, Text, Quality, Delivery, Mark);

    /// <summary>The same reading, which is known to be of a message that may come again.</summary>
    public Reading Marked(DeliveryMark mark) => new(Series, Time, Number, Text, Quality, Delivery, mark);
}
