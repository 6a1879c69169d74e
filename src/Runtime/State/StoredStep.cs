using Container.Native.Launch;
using Container.Native.Oci.Json;

namespace Container.Runtime.State;

/// <summary>An operation of the launch plan in words, kept so that start can say what failed.</summary>
internal sealed record StoredStep : IJsonObject<StoredStep>
{
    public StoredStep(LaunchStep step)
    {
        Operation = step.Operation;
        Subject = step.Subject;
    }

    private StoredStep(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("operation"u8)) Operation = json.Text();
            else if (json.Is("subject"u8)) Subject = json.OptionalText();
            else json.Skip();
        }
    }

    public string Operation { get; init; } = "";

    public string? Subject { get; init; }

    static StoredStep IJsonObject<StoredStep>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("operation"u8, Operation);
        json.Member("subject"u8, Subject);
    }
}
