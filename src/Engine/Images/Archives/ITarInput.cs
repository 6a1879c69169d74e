namespace Container.Engine.Images.Archives;

/// <summary>The uncompressed bytes of a tar archive, from front to back.</summary>
internal interface ITarInput
{
    /// <summary>The next bytes, at most this many; none at the end. Valid until the next call.</summary>
    ReadOnlySpan<byte> Take(long maximum);

    /// <summary>Fills the buffer; false at the end, where not one byte is left.</summary>
    bool ReadExactly(Span<byte> buffer);

    /// <summary>Goes on by this many bytes.</summary>
    void Skip(long count);
}
