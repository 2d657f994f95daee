"""The pictures that ``dsv demo`` works on; ``images/LICENSE.md`` names their sources."""
