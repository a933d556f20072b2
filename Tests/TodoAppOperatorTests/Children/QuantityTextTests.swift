import KubernetesAPI
import Testing
import TodoAppOperator

/// How amounts are written back.
struct QuantityTextTests {
    @Test(
        "An amount is spelt as the API server spells it",
        arguments: [
            ("1000m", "1"), ("0.5", "500m"), ("1", "1"), ("1.0", "1"), ("250m", "250m"), ("1500m", "1500m"),
            ("0.1", "100m"), ("2.5", "2500m"), ("1000k", "1M"), ("100M", "100M"), ("1e3", "1e3"), ("1000", "1k"),
            ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("1000Mi", "1000Mi"), ("0.5Ki", "512"), ("512Ki", "512Ki"),
            ("256Mi", "256Mi"), ("0", "0"), ("0Mi", "0"), ("1.0001Ki", "1024102400u"), ("128", "128"),
            ("134217728", "134217728"), ("0.0000000001", "1n"), ("+1", "1"), ("5E", "5E"), ("1.5e3", "1500"),
        ]
    )
    func canonical(text: String, canonical: String) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.canonicalText == canonical)
        #expect(Quantity(quantity.canonicalText) == quantity)
    }
}
