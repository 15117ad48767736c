"""Resource groups of emergency attendances, from the most investigated and treated to the least. The codes are of the form of HRG4+
(chapter VB); prices are invented, pounds of the base year."""

GROUPS = {
    "VB01Z": "Emergency attendance, most intensive",
    "VB02Z": "Emergency attendance, intensive",
    "VB04Z": "Emergency attendance, several investigations",
    "VB08Z": "Emergency attendance, some investigations",
    "VB09Z": "Emergency attendance, few investigations",
    "VB11Z": "Emergency attendance, no investigation and no treatment to speak of",
}
PRICES = (430.0, 330.0, 255.0, 195.0, 138.0, 84.0)
