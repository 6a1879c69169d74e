using System.Globalization;
using System.Text;
using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// The records of one pax extended header ("LENGTH KEY=VALUE\n"). Values stay bytes: those of extended attributes are
/// no text, which is why System.Formats.Tar, whose values are strings, cannot read image layers.
/// </summary>
internal sealed class PaxRecords
{
    private const string XattrPrefix = "SCHILY.xattr.";
    private const NumberStyles Decimal = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, byte[]>> xattrs = [];
    private readonly List<long> sparse = [];

    public IReadOnlyList<KeyValuePair<string, byte[]>> Xattrs => xattrs;

    /// <summary>The numbers of a sparse map written as records (GNU formats 0.0 and 0.1): offset, length, …</summary>
    public IReadOnlyList<long> SparseNumbers => sparse;

    public static PaxRecords Parse(ReadOnlySpan<byte> data)
    {
        PaxRecords records = new();
        while (!data.IsEmpty)
        {
            int space = data.IndexOf((byte)' ');
            if (space is < 1 or > 9) throw Malformed();
            int length = (int)SparseNumber(data[..space]);
            if (length <= space + 2 || length > data.Length || data[length - 1] != '\n') throw Malformed();
            ReadOnlySpan<byte> record = data[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1) throw Malformed();
            records.Add(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            data = data[length..];
        }

        return records;
    }

    public bool Has(string key) => values.ContainsKey(key);

    public string? Path(string key)
    {
        if (!values.TryGetValue(key, out byte[]? value) || value.Length == 0) return null;
        return value.AsSpan().Contains((byte)0)
            ? throw ArchiveFailure.Invalid("a name contains a NUL")
            : PathText.Decode(value);
    }

    public long? Number(string key)
    {
        if (!values.TryGetValue(key, out byte[]? value) || value.Length == 0) return null;
        return long.TryParse(value, NumberStyles.None, Culture, out long number)
            ? number
            : throw ArchiveFailure.Invalid($"the extended header '{key}' is no number or negative");
    }

    /// <summary>A time: seconds, with a fraction or without.</summary>
    public FileTime? Time(string key)
    {
        if (!values.TryGetValue(key, out byte[]? value) || value.Length == 0) return null;
        if (!decimal.TryParse(value, Decimal, Culture, out decimal time) || Math.Abs(time) > uint.MaxValue * 16m)
            throw ArchiveFailure.Invalid($"the extended header '{key}' is no time");
        decimal seconds = Math.Floor(time);
        return new FileTime((long)seconds, (uint)((time - seconds) * 1_000_000_000m));
    }

    private void Add(string key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith(XattrPrefix, StringComparison.Ordinal))
        {
            xattrs.Add(new KeyValuePair<string, byte[]>(XattrName(key), value.ToArray()));
        }
        else if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
        {
            sparse.Add(SparseNumber(value));
        }
        else if (key == "GNU.sparse.map")
        {
            foreach (Range part in value.Split((byte)',')) sparse.Add(SparseNumber(value[part]));
        }
        else
        {
            values[key] = value.ToArray();
        }
    }

    /// <summary>The key for an extended attribute. A key ends with the first "=": GNU tar has %3D for it, and %25 for
    /// "%".</summary>
    public static string XattrKey(string name) => XattrPrefix
        + name.Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);

    private static string XattrName(string key) => key[XattrPrefix.Length..]
        .Replace("%3D", "=", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    private static long SparseNumber(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, Culture, out long number) ? number : throw Malformed();

    private static EngineException Malformed() => ArchiveFailure.Invalid("an extended header is malformed");
}
