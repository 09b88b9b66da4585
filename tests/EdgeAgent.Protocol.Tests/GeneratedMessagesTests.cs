using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgeAgent.Protocol.Tests;

/// <summary>
/// The generated code comes from a protoc that is years younger than the runtime library: all fields of all messages have to survive
/// a round trip.
/// </summary>
public sealed class GeneratedMessagesTests
{
    private static readonly FileDescriptor[] Files =
    [
        ReadingReflection.Descriptor, IngestReflection.Descriptor, ConfigReflection.Descriptor, IdentityReflection.Descriptor,
        PortableReflection.Descriptor,
    ];

    public static TheoryData<string> Messages => [.. AllMessages.Select(message => message.FullName)];

    private static IEnumerable<MessageDescriptor> AllMessages => Files.SelectMany(file => file.MessageTypes);

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_field_of_every_message_survives_a_round_trip(string fullName)
    {
        MessageDescriptor descriptor = AllMessages.Single(message => message.FullName == fullName);
        int variants = Math.Max(1, descriptor.Oneofs.Select(oneof => oneof.Fields.Count).DefaultIfEmpty().Max());
        for (int variant = 0; variant < variants; variant++)
        {
            IMessage message = Fill(descriptor, variant);
            byte[] bytes = message.ToByteArray();
            Assert.Equal(bytes.Length, message.CalculateSize());
            IMessage parsed = descriptor.Parser.ParseFrom(bytes);
            Assert.Equal(message, parsed);
            Assert.Equal(bytes, parsed.ToByteArray());
            Assert.All(descriptor.Fields.InDeclarationOrder().Where(field => field.ContainingOneof is null), field => AssertPresent(field, parsed));
        }
    }

    [Fact]
    public void All_five_files_are_covered()
    {
        Assert.Equal(5, Files.Select(file => file.Name).Distinct().Count());
        Assert.True(AllMessages.Count() > 20);
    }

    /// <summary>Sets every field, and of each oneof the one whose turn it is.</summary>
    private static IMessage Fill(MessageDescriptor descriptor, int variant)
    {
        IMessage message = descriptor.Parser.ParseFrom(ByteString.Empty);
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            if (field.ContainingOneof is { } oneof && oneof.Fields.IndexOf(field) != variant % oneof.Fields.Count)
            {
                continue;
            }
            if (field.IsMap)
            {
                var map = (System.Collections.IDictionary)field.Accessor.GetValue(message);
                map.Add("key", "value");
                map.Add("", "");
            }
            else if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                list.Add(Value(field, variant));
                list.Add(Value(field, variant));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, variant));
            }
        }
        return message;
    }

    private static object Value(FieldDescriptor field, int variant) => field.FieldType switch
    {
        FieldType.Bool => true,
        FieldType.Bytes => ByteString.CopyFrom(0, 255, 128),
        FieldType.Double => -1.5e-300,
        FieldType.Enum => field.EnumType.Values[^1].Number,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => long.MinValue + field.FieldNumber,
        FieldType.UInt64 => ulong.MaxValue - (uint)field.FieldNumber,
        FieldType.SInt32 => int.MinValue + field.FieldNumber,
        FieldType.UInt32 or FieldType.Fixed32 => uint.MaxValue - (uint)field.FieldNumber,
        FieldType.String => "Grüße, \u0000 \U0001F321",
        FieldType.Message => Fill(field.MessageType, variant),
        _ => throw new NotSupportedException($"{field.FullName} is of type {field.FieldType}, which this test does not know yet."),
    };

    private static void AssertPresent(FieldDescriptor field, IMessage message)
    {
        object value = field.Accessor.GetValue(message);
        Assert.True(
            value switch
            {
                System.Collections.ICollection many => many.Count == 2,
                ByteString bytes => !bytes.IsEmpty,
                string text => text.Length > 0,
                IMessage => true,
                _ => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
            },
            $"{field.FullName} is lost");
    }
}
