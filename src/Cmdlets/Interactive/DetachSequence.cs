namespace Container.Cmdlets.Interactive;

/// <summary>
/// The keys that end a connection, written as docker writes them: <c>ctrl-p,ctrl-q</c>, single characters too. Keys of
/// a sequence that is not completed go to the container after all.
/// </summary>
internal sealed class DetachSequence
{
    public const string Default = "ctrl-p,ctrl-q";
    public const string Pattern = @"^(ctrl-[a-z@\[\\\]^_]|[ -+\--~])(,(ctrl-[a-z@\[\\\]^_]|[ -+\--~]))*$";

    private const int ControlMask = 0x1F;
    private const string Control = "ctrl-";

    private readonly byte[] _keys;
    private int _matched;

    private DetachSequence(byte[] keys) => _keys = keys;

    public static DetachSequence Parse(string text) => new([.. text.Split(',').Select(Key)]);

    /// <summary>What of <paramref name="typed"/> is the container's; null when the sequence is complete.</summary>
    public byte[]? Filter(ReadOnlySpan<byte> typed)
    {
        List<byte> passed = [];
        foreach (byte key in typed)
        {
            if (key != _keys[_matched])
            {
                passed.AddRange(_keys.AsSpan(0, _matched));
                _matched = 0;
            }

            if (key != _keys[_matched]) passed.Add(key);
            else if (++_matched == _keys.Length) return null;
        }

        return [.. passed];
    }

    private static byte Key(string text) =>
        text.StartsWith(Control, StringComparison.OrdinalIgnoreCase) && text.Length > Control.Length
            ? (byte)(char.ToUpperInvariant(text[Control.Length]) & ControlMask)
            : (byte)text[0];
}
